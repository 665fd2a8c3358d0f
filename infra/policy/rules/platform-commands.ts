import { COMPUTED } from '../../plan/plan-value';
import { isKnownText, shown, valueAt } from '../known-value';
import { type ResourceRule } from '../rule';

/** A command of this repository, of words that every shell reads alike. */
const COMMAND = 'npm run --silent k8s-gitops --( [A-Za-z0-9_./:@=-]+)+';
const LINE = new RegExp(`^${COMMAND}( && ${COMMAND})*$`);

/** What runs on the machine of `pulumi up` is this repository's. */
export const platformCommands: ResourceRule = {
  name: 'platform-commands',
  description:
    'A command runs `npm run --silent k8s-gitops -- …` and nothing else, joined by &&, in the shell and folder that Pulumi takes: it has all ' +
    'rights of `pulumi up`. Of a line that is only known later nothing is said; the engine looks again.',
  about: (type) => type.startsWith('command:'),
  check: ({ props }) => [
    ...['create', 'update', 'delete']
      .map((field) => [field, valueAt(props, field)] as const)
      .filter(([, line]) => line !== undefined && line !== COMPUTED && !(isKnownText(line) && LINE.test(line)))
      .map(([field, line]) => ({
        message: `${field} is ${isKnownText(line) ? 'a line that runs something else than k8s-gitops' : shown(line)}.`,
        remedy: 'Run `npm run --silent k8s-gitops -- …` alone, as platformCommand does.',
      })),
    ...['interpreter', 'dir']
      .filter((field) => valueAt(props, field) !== undefined)
      .map((field) => ({ message: `${field} is set, and may make another command of it.`, remedy: `Take ${field} out.` })),
  ],
};
