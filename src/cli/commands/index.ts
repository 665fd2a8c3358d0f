/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- an `import` is either for all commands at once, or asks Node's loader of ES modules, which does not know TypeScript */
import { type Command } from 'commander';
import { type ExitCode } from '../command';
import { type Terminal } from '../terminal';

type NewCommand = (terminal: Terminal, exit: (code: ExitCode) => void) => Command;

/** A command that is loaded when it is asked for: the rooms of the others would only make it slower. */
export interface CommandEntry {
  readonly description: string;
  readonly load: () => NewCommand;
}

/** Every command by name, in the order of `--help`. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  start: {
    description: 'check the model, synthesize and validate every environment, and sum up (what `npm start` runs)',
    load: () => (require('./start') as typeof import('./start')).startCommand,
  },
  synth: {
    description: 'make the files under clusters/ from platform.yaml and systems/',
    load: () => (require('./synth') as typeof import('./synth')).synthCommand,
  },
  validate: {
    description:
      "check every YAML file under clusters/, and systems' repositories at hand, by the schemas and rules of Kubernetes, Flux and the Flux Operator",
    load: () => (require('./validate') as typeof import('./validate')).validateCommand,
  },
  system: { description: 'the onboarded systems', load: () => (require('./system') as typeof import('./system')).systemCommand },
  upgrade: {
    description: 'bring versions, digests and everything generated from one state to the next',
    load: () => (require('./upgrade') as typeof import('./upgrade')).upgradeCommand,
  },
  images: {
    description: 'the images and charts that the platform runs: from upstream, scanned, mirrored and signed by one digest',
    load: () => (require('./images') as typeof import('./images')).imagesCommand,
  },
  tools: {
    description: 'the command-line tools that the lock pins',
    load: () => (require('./tools') as typeof import('./tools')).toolsCommand,
  },
  plan: {
    description:
      'what `pulumi up` would create for each stack, and which policies it breaks, worked out by the real program without a cloud',
    load: () => (require('./plan') as typeof import('./plan')).planCommand,
  },
  outputs: {
    description: 'what provisioning learned, one file of each stack in outputs/',
    load: () => (require('./outputs') as typeof import('./outputs')).outputsCommand,
  },
  preflight: {
    description:
      'what has to be true before the FluxInstance of an environment can become Ready: branch and path pushed, identities entitled',
    load: () => (require('./preflight') as typeof import('./preflight')).preflightCommand,
  },
  state: {
    description: 'where Pulumi keeps the state of the stacks, and encrypts their secrets',
    load: () => (require('./state') as typeof import('./state')).stateCommand,
  },
  doctor: {
    description: 'what is installed, in which version, and what to do about what is missing',
    load: () => (require('./doctor') as typeof import('./doctor')).doctorCommand,
  },
};
