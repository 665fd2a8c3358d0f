import { planClusters, synthesize } from '../../manifests';
import { formatLocation, type Platform, type Problem, type SystemSummary } from '../model';
import { dependentsOf } from './dependents';
import { diffOf, readInput, writeInput, type InputChange } from './file-change';
import { loadFolder, loadProposed } from './folder-model';
import { findSystem, inEnvironments, placeIn, systemFile, type UsageFailure } from './known-system';
import { unusableText } from './one-line';
import { removalEffects, type RemovalEffect } from './removal-effects';
import { removeFromYaml, setInYaml } from './yaml-edit';

/** What is asked for with a removal. */
export interface RemovalRequest {
  readonly directory: string;
  readonly name: string;
  /** YYYY-MM-DD */
  readonly today: string;
  /** Why it goes; said with the announcement. @default - nobody says */
  readonly reason?: string;
  /** Whether it goes on the day of its announcement. @default false */
  readonly immediately?: boolean;
  /** Whether what is suspended is left running, without anybody who looks after it. @default false */
  readonly keepWorkload?: boolean;
  /** Whether the announcement is taken back. @default false */
  readonly cancel?: boolean;
}

/** A step of a removal, checked with everything else and not yet done. */
export interface Removal {
  readonly step: 'announce' | 'remove' | 'cancel';
  readonly file: string;
  readonly change: InputChange;
  /** The change as a unified diff. */
  readonly diff: string;
  /** What becomes of the system in the end. */
  readonly effects: readonly RemovalEffect[];
  /** Whether somebody has to write the name of the system, because data goes with it. */
  readonly confirm: boolean;
  readonly notes: readonly string[];
  /** What to do next. */
  readonly next: readonly string[];
}

type Failure = UsageFailure | { readonly problems: readonly Problem[] };

/** The next step of the removal of a system, or what forbids it. */
export function planRemoval(request: RemovalRequest): Removal | Failure {
  const { directory, name, reason, cancel = false } = request;
  const broken = reason === undefined ? undefined : unusableText(reason);
  if (broken !== undefined) return { usage: `the text of '--reason' cannot be written: ${broken}` };
  const loaded = loadFolder(directory);
  if ('problems' in loaded) return { problems: [...loaded.problems, ...unreadable(request, loaded.problems)] };
  const system = findSystem(loaded.platform, name);
  if ('usage' in system) return system;
  const wrong = misplacedOption(request, system);
  if (wrong !== undefined) return wrong;
  const context = { request, system, platform: loaded.platform, before: readInput(directory, system.file) };
  if (cancel) return planCancellation(context);
  return system.removal === undefined ? planAnnouncement(context) : planDeletion(context);
}

/** Does the step. @returns what kept it from that */
export const applyRemoval = (directory: string, { change }: Removal): readonly Problem[] => writeInput(directory, change);

/** What cannot be read has no steps. */
function unreadable({ name, cancel = false }: RemovalRequest, problems: readonly Problem[]): readonly Problem[] {
  const file = systemFile(name);
  if (cancel || !problems.some(({ location }) => location.file === file)) return [];
  return [
    {
      location: { file },
      message: `what becomes of '${name}' cannot be said while its file is broken, so it is not removed in two steps`,
      remedy: `Mend the file and run this again. Otherwise ${file} can only be deleted by hand, and nobody is told before what goes with it.`,
    },
  ];
}

interface Context {
  readonly request: RemovalRequest;
  readonly system: SystemSummary;
  readonly platform: Platform;
  readonly before: string;
}

/** An option of another step would be ignored silently. */
function misplacedOption(
  { name, reason, immediately = false, keepWorkload = false, cancel = false }: RemovalRequest,
  { removal, file }: SystemSummary,
): Failure | undefined {
  if (cancel && removal === undefined) {
    const message = `the removal of '${name}' is not announced, so there is nothing to take back`;
    return { problems: [{ location: { file }, message, remedy: `\`npx k8s-gitops system remove ${name}\` would announce it.` }] };
  }
  if (cancel || removal === undefined) {
    const option = immediately ? '--immediately' : keepWorkload ? '--keep-workload' : undefined;
    if (option === undefined) return undefined;
    const now = cancel ? 'taken back' : 'announced, which comes first';
    return { usage: `'${option}' is of the second step of a removal; the one of '${name}' would be ${now}` };
  }
  if (reason === undefined) return undefined;
  return {
    usage: `'--reason' is said with the announcement, and the removal of '${name}' is announced since ${removal.announced}: change it in ${file}`,
  };
}

function planAnnouncement({ request, system, platform, before }: Context): Removal | Failure {
  const { directory, name, today, reason } = request;
  const dependents = dependentsOf(platform, name);
  const staying = dependents.filter(({ isGoing }) => !isGoing);
  if (staying.length > 0) return { problems: staying.map((dependent) => stillNeeded(name, dependent)) };
  const value = { announced: today, ...(reason === undefined ? {} : { reason }) };
  const after = setInYaml(before, [{ path: ['removal'], value, after: 'team' }], system.file);
  if (typeof after !== 'string') return { problems: [after] };
  const proposed = loadProposed(directory, { file: system.file, content: after });
  if ('problems' in proposed) return proposed;
  const effects = removalEffects(platform, name);
  const change = { file: system.file, before, after };
  const confirm = inEnvironments(platform, name).some(({ bearsData }) => bearsData);
  return {
    step: 'announce',
    file: system.file,
    change,
    diff: diffOf(change),
    effects,
    confirm: false,
    notes: [
      ...dependents.map(
        ({ system: other, location }) =>
          `${formatLocation(location)} '${other}' depends on it and is announced to go too: it has to be removed first.`,
      ),
      ...suspended(effects).map(
        ({ environment }) =>
          `It is suspended in ${environment}, where Flux would leave everything running. Resume it there, and merge that, before you remove it.`,
      ),
    ],
    next: [
      `Run \`npm start\`, read \`git diff\`, and merge it into every environment: from then on no change of the team deploys any more. What runs goes on running.`,
      `Tell the team ${system.team} what goes, what stays, and until when they can object (\`npx k8s-gitops system remove ${name} --cancel\` takes it back).`,
      ...(confirm ? ['Save the data: the removal asks for the name of the system, not for a backup.'] : []),
      `After that day, run \`npx k8s-gitops system remove ${name}\` again.`,
    ],
  };
}

function planCancellation({ request, system, before }: Context): Removal | Failure {
  const after = removeFromYaml(before, 'removal', system.file);
  if (typeof after !== 'string') return { problems: [after] };
  const proposed = loadProposed(request.directory, { file: system.file, content: after });
  if ('problems' in proposed) return proposed;
  const change = { file: system.file, before, after };
  return {
    step: 'cancel',
    file: system.file,
    change,
    diff: diffOf(change),
    effects: [],
    confirm: false,
    notes: [],
    next: [
      'Run `npm start`, read `git diff`, and merge it into every environment: its repository is polled again.',
      `Tell the team ${system.team} that the system stays.`,
    ],
  };
}

function planDeletion({ request, system, platform, before }: Context): Removal | Failure {
  const { directory, name } = request;
  const effects = removalEffects(platform, name);
  const problems = [
    ...dependentsOf(platform, name).map((dependent) => stillNeeded(name, dependent)),
    ...tooEarly(request, system),
    ...notGenerated(request, effects),
    ...leftRunning(request, system, effects),
  ];
  if (problems.length > 0) return { problems };
  const proposed = loadProposed(directory, { file: system.file });
  if ('problems' in proposed) return proposed;
  const change = { file: system.file, before };
  return {
    step: 'remove',
    file: system.file,
    change,
    diff: diffOf(change),
    effects,
    confirm: inEnvironments(platform, name).some(({ bearsData }) => bearsData),
    notes: effects
      .filter(({ isGenerated, isAnnounced }) => isGenerated && !isAnnounced)
      .map(({ file }) => `${file} does not say that the removal is announced: \`npm start\` was not run since.`),
    next: stepsAfterDeletion(platform, proposed.platform, system),
  };
}

function tooEarly({ directory, name, today, immediately = false }: RemovalRequest, system: SystemSummary): readonly Problem[] {
  const { announced } = system.removal!;
  if (immediately || announced < today) return [];
  const location = placeIn(directory, system.file, '', 'removal');
  if (announced === today) {
    return [
      {
        location,
        message: `the removal of '${name}' was announced only today, and nobody could object yet`,
        remedy: 'Merge the announcement and tell the team; run this again tomorrow or later. --immediately does not wait.',
      },
    ];
  }
  return [
    {
      location,
      message: `the removal of '${name}' is announced for ${announced}, which lies in the future`,
      remedy: `Run this again after ${announced}, or write the day on which it was announced. --immediately does not wait.`,
    },
  ];
}

/** What is suspended and marked by the announcement says so in the cluster too, where the team sees it. */
function notGenerated({ name, immediately = false }: RemovalRequest, effects: readonly RemovalEffect[]): readonly Problem[] {
  if (immediately) return [];
  return effects
    .filter(({ isGenerated, isAnnounced }) => isGenerated && !isAnnounced)
    .map(({ file, environment }) => ({
      location: { file },
      message: `does not say that the removal of '${name}' is announced, so ${environment} was never told`,
      remedy: 'Run `npm start`, merge it, and come back. --immediately does not wait.',
    }));
}

const suspended = (effects: readonly RemovalEffect[]): readonly RemovalEffect[] => effects.filter((effect) => effect.suspended);

/** Of what is suspended Flux deletes the object alone; what it made stays, and nobody looks after it. */
function leftRunning(
  { directory, name, keepWorkload = false }: RemovalRequest,
  { file }: SystemSummary,
  effects: readonly RemovalEffect[],
): readonly Problem[] {
  const left = suspended(effects);
  if (!keepWorkload) {
    return left.map(({ environment, suspendedIn, file: generated }) => ({
      location: suspendedIn === 'the model' ? placeIn(directory, file, environment, 'suspend') : { file: generated },
      message: `'${name}' is suspended in ${environment}, so Flux would leave everything that it runs there, and nobody would look after it`,
      remedy:
        suspendedIn === 'the model'
          ? "Remove 'suspend', run `npm start`, and merge it; remove the system when Flux has resumed it. Or, where leaving it is meant: --keep-workload."
          : 'The model resumes it already: run `npm start`, merge it, and remove the system when Flux has resumed it. Or, where leaving it is meant: --keep-workload.',
    }));
  }
  return effects
    .filter((effect) => !effect.suspended)
    .map(({ environment }) => ({
      location: { file },
      message: `--keep-workload keeps what is suspended, and '${name}' is not suspended in ${environment}: Flux would delete it there`,
      remedy: `Suspend it there ('environments.${environment}.suspend: true'), run \`npm start\` and merge it; or take ${environment} out of its environments first.`,
    }));
}

function stillNeeded(name: string, { system, environments, location }: ReturnType<typeof dependentsOf>[number]): Problem {
  return {
    location,
    message: `'${system}' depends on '${name}' in ${environments.join(', ')}`,
    remedy: `Take '${name}' out of its 'dependsOn' first, or remove '${system}' before.`,
  };
}

function stepsAfterDeletion(before: Platform, after: Platform, { name, mirror }: SystemSummary): readonly string[] {
  const synthesized = synthesize(after);
  const isRefused =
    planClusters(after, synthesized).problems.length > planClusters(after, synthesized, { confirmRemoval: true }).problems.length;
  const start = isRefused ? 'npm start -- --confirm-removal' : 'npm start';
  const systems = inEnvironments(before, name);
  const namespaces = systems
    .filter(({ pattern }) => pattern !== 'C')
    .map(({ environment, names }) => `${names.namespace} in ${environment}`);
  const stillMirrored = new Set(after.systems.flatMap((system) => system.mirror));
  const unneeded = mirror.filter((reference) => !stillMirrored.has(reference));
  const repositories = new Set(systems.flatMap(({ registration }) => registration?.git.url ?? []));
  return [
    `Run \`${start}\`, which removes its files under clusters/, and read \`git diff\`.`,
    'Commit, and open a pull request. Where it is merged, Flux deletes what is listed above.',
    ...(namespaces.length === 0
      ? []
      : [`Look at what stays, and delete it by hand when nobody needs it: namespace ${namespaces.join(', ')}.`]),
    ...(unneeded.length === 0
      ? []
      : [`Run \`npx k8s-gitops upgrade\`, which takes what it mirrored out of the lock: ${unneeded.join(', ')}.`]),
    ...[...repositories].map((url) => `Archive its repository ${url} when all environments are without it.`),
  ];
}
