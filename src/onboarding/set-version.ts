import { lockFile, type JsonValue, type Platform, type Problem, type System, type SystemSummary } from '../model';
import { diffOf, readInput, writeInput, type InputChange } from './file-change';
import { loadFolder, loadProposed } from './folder-model';
import { findSystem, inEnvironments, placeIn, unknownEnvironment, type UsageFailure } from './known-system';
import { absentFrom } from './show-system';
import { hasKey, setInYaml, type YamlEdit } from './yaml-edit';

/** What is asked for with a version. */
export interface VersionRequest {
  readonly directory: string;
  readonly name: string;
  /** Version of a chart in the registry, or tag of the image of a chart of the shared chart repository. */
  readonly version: string;
  readonly environments: readonly string[];
  /** Tag of the image, beside the version of a chart in the registry. @default - as it is */
  readonly imageTag?: string;
}

/** One value that becomes another one in an environment. */
export interface VersionStep {
  readonly environment: string;
  /** `chart.version` or `values.image.tag`. */
  readonly field: string;
  /** @default - nothing is given */
  readonly from?: string;
  readonly to: string;
}

/** The new versions, checked with everything else and not yet written. */
export interface VersionChange {
  readonly file: string;
  /** What is different; empty when nothing is. */
  readonly steps: readonly VersionStep[];
  readonly change: InputChange;
  /** The change as a unified diff. */
  readonly diff: string;
  readonly notes: readonly string[];
  /** What to do next. */
  readonly next: readonly string[];
}

type Failure = UsageFailure | { readonly problems: readonly Problem[] };

/** What another version of a platform-owned release changes in the file of its system, or what forbids it. */
export function planVersion(request: VersionRequest): VersionChange | Failure {
  const { directory, name } = request;
  const loaded = loadFolder(directory);
  if ('problems' in loaded) return loaded;
  const { platform } = loaded;
  const summary = findSystem(platform, name);
  if ('usage' in summary) return summary;
  if (summary.removal !== undefined) return { problems: [isGoing(platform, summary, summary.removal.announced)] };
  if (summary.release === 'system') return { problems: [decidedElsewhere(platform, summary)] };
  const wrong = unknownEnvironment(platform, request.environments) ?? absentFrom(platform, summary, request.environments);
  if (wrong !== undefined) return wrong;
  const systems = inEnvironments(platform, name).filter(({ environment }) => request.environments.includes(environment));
  const refused = refusal(request, summary, systems);
  if (refused !== undefined) return refused;
  return planEdits(request, platform, summary, systems);
}

/** Writes the versions. @returns what kept it from that */
export const applyVersion = (directory: string, { steps, change }: VersionChange): readonly Problem[] =>
  steps.length === 0 ? [] : writeInput(directory, change);

function planEdits(
  request: VersionRequest,
  platform: Platform,
  { file }: SystemSummary,
  systems: readonly System[],
): VersionChange | Failure {
  const { directory, name } = request;
  const steps = systems.flatMap((system) => stepsIn(request, system));
  const before = readInput(directory, file);
  const everywhere = inEnvironments(platform, name).map(({ environment }) => environment);
  const named = steps.length === 0 ? [] : environmentsFor(before, everywhere);
  const edits = steps.map(({ environment, field, to }): YamlEdit => ({ path: ['environments', environment, ...field.split('.')], value: to })); // prettier-ignore
  const after = steps.length === 0 ? before : setInYaml(before, [...named, ...edits], file);
  if (typeof after !== 'string') return { problems: [after] };
  const change = { file, before, after };
  if (steps.length > 0) {
    const proposed = loadProposed(directory, { file, content: after });
    if ('problems' in proposed) return proposed;
    const missed = steps.find(({ environment, field, to }) => {
      const system = inEnvironments(proposed.platform, name).find((one) => one.environment === environment);
      return system === undefined || valueOf(system, field) !== to;
    });
    if (missed !== undefined) return { problems: [ineffective(directory, file, missed)] };
  }
  return {
    file,
    steps,
    change,
    diff: diffOf(change),
    notes: [...notesOn(systems), ...(named.length === 0 ? [] : [NAMED])],
    next: nextSteps(platform, steps),
  };
}

/** A system that runs everywhere names no environment: all have to be named then, or it would run in this one alone. */
function environmentsFor(text: string, everywhere: readonly string[]): readonly YamlEdit[] {
  return hasKey(text, 'environments')
    ? []
    : [{ path: ['environments'], value: Object.fromEntries(everywhere.map((name) => [name, null])) }];
}

function stepsIn({ version, imageTag }: VersionRequest, system: System): readonly VersionStep[] {
  const isRegistryChart = system.helmRelease?.chart.kind === 'registry';
  const wanted: readonly (readonly [string, string])[] = isRegistryChart
    ? [['chart.version', version], ...(imageTag === undefined ? [] : ([[TAG, imageTag]] as const))]
    : [[TAG, version]];
  return wanted.flatMap(([field, to]): readonly VersionStep[] => {
    const from = valueOf(system, field);
    if (from === to) return [];
    return [{ environment: system.environment, field, ...(from === undefined ? {} : { from: textOf(from) }), to }];
  });
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const TAG = 'values.image.tag';

function valueOf({ helmRelease }: System, field: string): JsonValue | undefined {
  if (field === TAG) {
    const image = helmRelease?.values['image'];
    return typeof image === 'object' && image !== null ? (image as Readonly<Record<string, JsonValue>>)['tag'] : undefined;
  }
  return helmRelease?.chart.kind === 'registry' ? helmRelease.chart.version : undefined;
}

const { tag: tagSchema } = lockFile.shape.images.valueType.shape;

function refusal(
  { directory, version, imageTag }: VersionRequest,
  { file }: SystemSummary,
  systems: readonly System[],
): Failure | undefined {
  const shared = systems.filter(({ helmRelease }) => helmRelease?.chart.kind === 'platform-charts');
  if (imageTag !== undefined && shared.length > 0) {
    return {
      usage: `'--image-tag ${imageTag}' beside the version '${version}': the chart of ${shared[0]!.environment} is one of the shared chart repository, whose branch is its version, so '${version}' is the tag of the image already`,
    };
  }
  const tag = imageTag ?? (shared.length > 0 ? version : undefined);
  if (tag === undefined) return undefined;
  const checked = tagSchema.safeParse(tag);
  if (!checked.success) return { usage: `'${tag}' ${checked.error.issues[0]!.message}` };
  const byDigest = systems.find(({ helmRelease }) => {
    const image = helmRelease?.values['image'];
    return typeof image === 'object' && image !== null && Object.hasOwn(image, 'digest');
  });
  if (byDigest === undefined) return undefined;
  return {
    problems: [
      {
        location: placeIn(directory, file, byDigest.environment, 'values'),
        message: `the image is given by its digest in ${byDigest.environment} ('values.image.digest'), so its tag decides nothing`,
        remedy: "Change 'values.image.digest' in the file, or remove it first.",
      },
    ],
  };
}

function isGoing({ directory }: Platform, { name, file }: SystemSummary, announced: string): Problem {
  return {
    location: placeIn(directory, file, '', 'removal'),
    message: `the removal of '${name}' is announced (${announced}), so it gets no other version`,
    remedy: `\`npx k8s-gitops system remove ${name} --cancel\` takes the announcement back.`,
  };
}

function decidedElsewhere(platform: Platform, { name, file, pattern }: SystemSummary): Problem {
  const places = inEnvironments(platform, name).map(
    ({ environment, registration }) =>
      `${environment}: ${registration!.path}/${pattern === 'C' ? '' : 'helmrelease.yaml'} of ${registration!.git.url}, branch ${registration!.branch}`,
  );
  return {
    location: placeIn(platform.directory, file, '', 'release'),
    message:
      pattern === 'C'
        ? `'${name}' is of pattern C and has no HelmRelease: what its repository holds is its version`
        : `the HelmRelease of '${name}' is in its own repository (release: system), so its version is not decided here`,
    remedy: `Change it there. ${places.join('; ')}.`,
  };
}

function ineffective(directory: string, file: string, { environment, field, to }: VersionStep): Problem {
  return {
    location: placeIn(directory, file, environment, field.split('.')[0]!),
    message: `'environments.${environment}.${field}: ${to}' would not be what ${environment} gets`,
    remedy: "Look at 'chart' and 'values' of this environment in the file, and change the version by hand.",
  };
}

const NAMED =
  "It ran in all environments without naming them. Now it names them, so that a new environment has to be added under 'environments'.";

function notesOn(systems: readonly System[]): readonly string[] {
  return systems.flatMap(({ environment, suspend }) =>
    suspend ? [`It is suspended in ${environment}: Flux installs the version when it is resumed.`] : [],
  );
}

function nextSteps(platform: Platform, steps: readonly VersionStep[]): readonly string[] {
  if (steps.length === 0) return [];
  const concerned = platform.environments.filter(({ name }) => steps.some(({ environment }) => environment === name));
  return [
    'Run `npm start`, and read `git diff`.',
    `Commit, and open a pull request: ${concerned.map(({ name, branch }) => `${name} reads branch ${branch}`).join(', ')}.`,
  ];
}
