import { lockFile, SKUS, type Pattern } from '../model';

/** What is asked for with a new system; `undefined` is what nobody has said. */
export interface SystemRequest {
  readonly name: string;
  readonly pattern?: Pattern;
  readonly team?: string;
  readonly sku?: string;
  readonly aadGroupId?: string;
  /** @default - all */
  readonly environments?: readonly string[];
  /** @default 'system' */
  readonly release?: 'system' | 'platform';
  /** @default true */
  readonly registration?: boolean;
  readonly dependsOn?: readonly string[];
  readonly mirror?: readonly string[];
  /** `repository:tag` of the image in the registry. */
  readonly image?: string;
  readonly chartRepository?: string;
  readonly chartVersion?: string;
  /** @default false */
  readonly bearsData?: boolean;
  readonly approvedBy?: string;
  readonly approvalReason?: string;
}

/** What can be asked for. */
export type AnswerField =
  | 'pattern'
  | 'team'
  | 'sku'
  | 'aadGroupId'
  | 'image'
  | 'chartRepository'
  | 'chartVersion'
  | 'approvedBy'
  | 'approvalReason'
  | 'environments';

/** Something to be asked for. */
export interface Question {
  readonly field: AnswerField;
  /** The option that says it. */
  readonly option: string;
  /** What it is, and why it is needed. */
  readonly what: string;
  /** All that there is to choose from. @default - a text */
  readonly choices?: readonly Choice[];
}

export interface Choice {
  readonly value: string;
  readonly meaning: string;
}

const PATTERNS: readonly Choice[] = [
  { value: 'A', meaning: 'its own chart: a component of the platform, or a system that brings one' },
  { value: 'B', meaning: 'the central platform-app-chart: the standard for business applications' },
  { value: 'C', meaning: 'plain YAML or Kustomize: the exception, which somebody of the platform team approved' },
];

const SKU_CHOICES: readonly Choice[] = Object.entries(SKUS).map(([value, { maxPods, cpu, memory }]) => ({
  value,
  meaning: `${maxPods} pods; a container gets CPU ${cpu.request} up to ${cpu.limit}, memory ${memory.request} up to ${memory.limit}`,
}));

const QUESTIONS: Readonly<Record<Exclude<AnswerField, 'environments'>, Omit<Question, 'field'>>> = {
  pattern: {
    option: '--pattern',
    what: 'how it reaches the cluster: A brings its own chart, B (the standard) uses platform-app-chart, C is plain YAML with an approval',
    choices: PATTERNS,
  },
  team: { option: '--team', what: 'the team that owns it; a label on everything of the system' },
  sku: { option: '--sku', what: 'the size of its namespace: quota, and limits of each container', choices: SKU_CHOICES },
  aadGroupId: {
    option: '--aad-group-id',
    what: 'object id of the Microsoft Entra group that gets access to its namespace',
  },
  image: {
    option: '--image',
    what: 'repository and tag of its image in the registry, such as shop/web-shop:1.8.0; the platform writes its HelmRelease',
  },
  chartRepository: {
    option: '--chart-repository',
    what: "path of its chart in the environment's registry, such as charts/web-shop; the platform writes its HelmRelease",
  },
  chartVersion: { option: '--chart-version', what: 'exact version of the chart in the registry' },
  approvedBy: { option: '--approved-by', what: 'member of the platform team who approved pattern C' },
  approvalReason: { option: '--approval-reason', what: 'why neither pattern A nor B will do' },
};

/** Every text that somebody gives, and the option that says it. */
export const TEXT_OPTIONS = [
  ['team', '--team'],
  ['sku', '--sku'],
  ['aadGroupId', '--aad-group-id'],
  ['environments', '--env'],
  ['dependsOn', '--depends-on'],
  ['mirror', '--mirror'],
  ['image', '--image'],
  ['chartRepository', '--chart-repository'],
  ['chartVersion', '--chart-version'],
  ['approvedBy', '--approved-by'],
  ['approvalReason', '--approval-reason'],
] as const satisfies readonly (readonly [keyof SystemRequest, string])[];

/** What the pattern needs and nobody has said, in the order in which to ask. */
export function missingAnswers(request: SystemRequest): readonly Question[] {
  return neededFor(request)
    .filter((field) => request[field] === undefined)
    .map((field) => ({ field, ...QUESTIONS[field] }));
}

function neededFor({ pattern, release, chartRepository, chartVersion }: SystemRequest): readonly (keyof typeof QUESTIONS)[] {
  const isRegistryChart = chartRepository !== undefined || chartVersion !== undefined;
  const chart: readonly (keyof typeof QUESTIONS)[] = ['chartRepository', 'chartVersion'];
  const ofPlatform = release !== 'platform' ? [] : isRegistryChart || pattern === 'A' ? chart : (['image'] as const);
  switch (pattern) {
    case undefined:
      return ['pattern', 'team'];
    case 'A':
      return ['team', ...ofPlatform];
    case 'B':
      return ['team', 'sku', 'aadGroupId', ...ofPlatform];
    case 'C':
      return ['team', 'approvedBy', 'approvalReason'];
  }
}

/** The question for the environments, which is only asked where something else is. */
export function environmentsQuestion(names: readonly string[]): Question {
  return { field: 'environments', option: '--env', what: `environments that it runs in, of ${names.join(', ')}` };
}

const { target, tag } = lockFile.shape.images.valueType.shape;

/** Repository and tag of an image in the registry, or what is wrong with it. */
export function parseImage(given: string): { readonly repository: string; readonly tag: string } | { readonly usage: string } {
  const path = given.replace(/^\{registry\}\//, '');
  const colon = path.lastIndexOf(':');
  const parts = { repository: path.slice(0, Math.max(colon, 0)), tag: path.slice(colon + 1) };
  if (/^(?:localhost|[^/]*[.:][^/]*)\//.test(path)) {
    return {
      usage: `'${given}' names a registry, and only images of the environment's own registry are let in: give the path there, such as shop/web-shop:1.8.0; what is published upstream is mirrored (--mirror)`,
    };
  }
  if (colon === -1 || !target.safeParse(parts.repository).success)
    return { usage: `'${given}' is not of the form REPOSITORY:TAG, such as shop/web-shop:1.8.0` };
  const checked = tag.safeParse(parts.tag);
  if (!checked.success) return { usage: `'${parts.tag}' ${checked.error.issues[0]!.message}` };
  return { repository: `{registry}/${parts.repository}`, tag: parts.tag };
}
