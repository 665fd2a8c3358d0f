import { Option, type Command } from 'commander';
import { suggestion } from '../../model';
import {
  environmentsQuestion,
  missingAnswers,
  NewSystem,
  type Addition,
  type AnswerField,
  type Question,
  type SystemRequest,
} from '../../onboarding';
import { collect, EXIT, newCommand, once, UsageError, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';
import { converse, type Dialogue } from './system-dialogue';
import { printList, refuse, stopped, today } from './system-output';

interface Options extends CommonOptions, Omit<SystemRequest, 'name' | 'environments'> {
  readonly env?: readonly string[];
  readonly dryRun?: boolean;
}

/** `k8s-gitops system add`. */
export function addCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('add', 'onboard a system: write systems/<name>.yaml, checked with everything else', [
    'system add shop',
    'system add shop --pattern B --team shop --sku sku-small --aad-group-id 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02 --env dev',
    'system add reporting --pattern B --team finance --sku sku-batch --aad-group-id 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e03 --release platform --no-registration --chart-repository charts/reporting --chart-version 0.0.20261',
  ])
    .addHelpText(
      'after',
      '\nOn a terminal it asks for what the pattern needs and no option says.\nWhat is given twice to an option that may be repeated is written once.',
    )
    .argument('<name>', 'name of the system')
    .addOption(new Option('--pattern <pattern>', 'how it reaches the cluster (docs/patterns.md)').choices(['A', 'B', 'C']))
    .option('--team <team>', 'team that owns it', once)
    .option('--sku <sku>', 'size of its namespace', once)
    .option('--aad-group-id <id>', 'object id of the Microsoft Entra group that gets its namespace', once)
    .option('--env <environment>', 'an environment that it runs in; may be repeated (default: all)', collect)
    .addOption(
      new Option('--release <owner>', "who owns the HelmRelease: the system's repository, or the platform").choices([
        'system',
        'platform',
      ]),
    )
    .option('--no-registration', 'it has no repository of its own; only with --release platform')
    .option('--depends-on <system>', 'a system that has to be ready first; may be repeated', collect)
    .option('--mirror <reference>', 'a third-party image or chart that it runs, as published; may be repeated', collect)
    .option('--image <repository:tag>', 'its image in the registry; with --release platform', once)
    .option('--chart-repository <path>', "path of its chart in the environment's registry; with --release platform", once)
    .option('--chart-version <version>', 'exact version of that chart', once)
    .option('--bears-data', 'removing it loses data, and needs a written confirmation')
    .option('--approved-by <name>', 'member of the platform team who approved pattern C', once)
    .option('--approval-reason <text>', 'why neither pattern A nor B will do', once)
    .option('--dry-run', 'print the file, write nothing')
    .action(async (name: string, options: Options) => {
      exit(await add(terminal, name, options));
    });
}

async function add(terminal: Terminal, name: string, options: Options): Promise<ExitCode> {
  const system = NewSystem.called(options.dir, name, today(terminal));
  if (!(system instanceof NewSystem)) return refuse(terminal, options, system);
  let request: SystemRequest | undefined = requestOf(name, options);
  if (missingAnswers(request).length > 0) {
    if (!terminal.canAsk || options.json === true) throw new UsageError(whatIsMissing(name, missingAnswers(request)));
    checkGiven(system, request);
    request = await askForRest(terminal, system, request);
    if (request === undefined) return stopped(terminal);
  }
  const planned = system.plan(request);
  if (!('content' in planned)) return refuse(terminal, options, planned);
  const problems = options.dryRun === true ? [] : system.write(planned);
  if (problems.length > 0) return refuse(terminal, options, { problems });
  if (options.json === true) terminal.json({ ok: true, dryRun: options.dryRun === true, ...planned });
  else print(terminal, planned, options);
  return EXIT.ok;
}

function requestOf(name: string, options: Options): SystemRequest {
  const { env, bearsData = false, ...given } = options;
  return { ...given, name, bearsData, ...(env === undefined ? {} : { environments: env }) };
}

function whatIsMissing(name: string, missing: readonly Question[]): string {
  const width = Math.max(...missing.map(({ option }) => option.length));
  const lines = missing.map(({ option, what, choices, field }) => {
    const values = choices === undefined || field === 'pattern' ? '' : `: ${choices.map(({ value }) => value).join(', ')}`;
    return `  ${option.padEnd(width)}  ${what}${values}`;
  });
  const later = missing.some(({ field }) => field === 'pattern')
    ? '\nPattern B needs --sku and --aad-group-id too, pattern C --approved-by and --approval-reason.'
    : '';
  return `system '${name}' is not added without:\n${lines.join('\n')}${later}`;
}

const ASKED: readonly AnswerField[] = ['pattern', 'team', 'sku', 'aadGroupId', 'image', 'chartRepository', 'chartVersion', 'approvedBy', 'approvalReason', 'environments']; // prettier-ignore

/** Nobody is asked for the rest of what cannot be. */
function checkGiven(system: NewSystem, request: SystemRequest): void {
  for (const field of ASKED) {
    const wrong = request[field] === undefined ? undefined : system.checkAnswer(request, field);
    if (wrong !== undefined) throw new UsageError(wrong);
  }
}

async function askForRest(terminal: Terminal, system: NewSystem, given: SystemRequest): Promise<SystemRequest | undefined> {
  return converse(terminal, async (dialogue) => {
    terminal.tell(`The system ${given.name}. Ctrl-C stops, and nothing is written.`);
    let request = given;
    for (let [question] = missingAnswers(request); question !== undefined; [question] = missingAnswers(request))
      request = await answer(terminal, dialogue, system, request, question);
    if (request.environments !== undefined) return request;
    return answer(terminal, dialogue, system, request, environmentsQuestion(system.environments));
  });
}

/** Asks until the answer is one that the model takes. */
async function answer(
  terminal: Terminal,
  dialogue: Dialogue,
  system: NewSystem,
  request: SystemRequest,
  { field, option, what, choices }: Question,
): Promise<SystemRequest> {
  terminal.tell(`\n${capitalized(what)} (${option}).`);
  if (choices !== undefined) dialogue.showChoices(choices);
  for (;;) {
    const typed = await dialogue.ask(field === 'environments' ? `${field} [all]:` : `${field}:`);
    if (field === 'environments' && (typed === '' || typed === 'all')) return request;
    const chosen = choices?.find(({ value }) => value.toLowerCase() === typed.toLowerCase());
    if (typed === '') {
      terminal.tell('  → It is needed.');
    } else if (choices !== undefined && chosen === undefined) {
      const values = choices.map(({ value }) => value);
      terminal.tell(`  → '${typed}' is not one of ${values.join(', ')}. ${suggestion(typed, values, 'possible values')}`);
    } else {
      const value = field === 'environments' ? typed.split(/[\s,]+/).filter((name) => name !== '') : (chosen?.value ?? typed);
      const next: SystemRequest = { ...request, [field]: value };
      const wrong = system.checkAnswer(next, field);
      if (wrong === undefined) return next;
      terminal.tell(`  → ${wrong}`);
    }
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function print(terminal: Terminal, { file, content, generated, next }: Addition, { dryRun = false }: Options): void {
  if (dryRun) {
    terminal.print(`Would write ${file}:\n`);
    for (const line of content.trimEnd().split('\n')) terminal.print(terminal.style('green', line));
  } else {
    terminal.print(`wrote ${file}`);
  }
  printList(terminal, '`npm start` makes of it', generated);
  if (dryRun) terminal.print('\nNothing was written.');
  else printList(terminal, 'Next', next);
}
