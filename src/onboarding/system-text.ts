import { parseImage, type SystemRequest } from './system-request';
import { inBlock, inFlow } from './yaml-text';

const SCHEMA = '# yaml-language-server: $schema=../schemas/system.schema.json';

/**
 * The file of a new system; what nobody has said is not in it.
 *
 * @param today date of the approval, YYYY-MM-DD
 * @param order environments in the order of promotion
 */
export function systemText(request: SystemRequest, today: string, order: readonly string[]): string {
  const { pattern, team, sku, aadGroupId, release, registration, bearsData, dependsOn = [] } = request;
  const lines = [
    SCHEMA,
    `# The system ${request.name}.${describe(request)}`,
    ...field('pattern', pattern),
    ...field('team', team),
    ...approval(request, today),
    ...field('aadGroupId', aadGroupId),
    ...field('sku', sku),
    ...(release === 'platform' ? ['release: platform'] : []),
    ...(registration === false ? ['registration: false'] : []),
    ...(bearsData === true ? ['bearsData: true'] : []),
    ...(dependsOn.length === 0
      ? []
      : [
          `dependsOn: [${distinct(dependsOn)
            .map((name) => inFlow(name))
            .join(', ')}]`,
        ]),
    ...list('mirror', request.mirror),
    ...chart(request),
    ...values(request),
    ...environments(request, order),
  ];
  return `${lines.join('\n')}\n`;
}

/** For the next reader; nothing that somebody typed, which could end the comment. */
function describe({ pattern, release, chartRepository }: SystemRequest): string {
  const isPlatforms = release === 'platform';
  switch (pattern) {
    case undefined:
      return '';
    case 'A':
      return ` Pattern A: its own chart, ${isPlatforms ? 'released by the platform' : "in the system's own repository"}.`;
    case 'B': {
      const source = chartRepository === undefined ? 'of platform-app-chart' : 'of a chart in the registry';
      const owner = isPlatforms ? 'which the platform owns' : "in the system's own repository";
      return ` Pattern B: only a HelmRelease ${source}, ${owner}.`;
    }
    case 'C':
      return ' Pattern C: plain YAML or Kustomize, with a recorded approval.';
  }
}

const field = (key: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`${key}: ${inBlock(value)}`];

/** Somebody who says a thing twice means it once. */
const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

const list = (key: string, values: readonly string[] = []): readonly string[] =>
  values.length === 0 ? [] : [`${key}:`, ...distinct(values).map((value) => `  - ${inBlock(value)}`)];

function approval({ approvedBy, approvalReason }: SystemRequest, today: string): readonly string[] {
  if (approvedBy === undefined && approvalReason === undefined) return [];
  return [
    'approval:',
    ...[...field('by', approvedBy), ...field('date', today), ...field('reason', approvalReason)].map((line) => `  ${line}`),
  ];
}

function chart({ chartRepository, chartVersion }: SystemRequest): readonly string[] {
  const parts = [
    ...(chartRepository === undefined ? [] : [`repository: ${inFlow(chartRepository)}`]),
    ...(chartVersion === undefined ? [] : [`version: ${inFlow(chartVersion)}`]),
  ];
  return parts.length === 0 ? [] : [`chart: { ${parts.join(', ')} }`];
}

function values({ image }: SystemRequest): readonly string[] {
  const parsed = image === undefined ? undefined : parseImage(image);
  if (parsed === undefined || 'usage' in parsed) return [];
  return ['values:', `  image: { repository: ${inFlow(parsed.repository)}, tag: ${inFlow(parsed.tag)} }`];
}

function environments({ environments: given }: SystemRequest, order: readonly string[]): readonly string[] {
  if (given === undefined) return [];
  const names = [...order.filter((name) => given.includes(name)), ...given.filter((name) => !order.includes(name))];
  return ['environments:', ...distinct(names).map((name) => `  ${inFlow(name)}:`)];
}
