import { parseAllDocuments } from 'yaml';
import { readArchive } from './read-archive';
import { type Answer, type Registry } from './registry';

const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** A line of nothing but an action of a template, such as the condition around a definition. */
const ACTION_LINE = /^\s*\{\{.*\}\}\s*$/;

/**
 * Fetches the files of a chart that hold custom resource definitions.
 *
 * @param repository repository of the chart upstream
 * @param tag version of the chart
 * @returns texts that are YAML, without the actions of templates
 */
export async function fetchChartDefinitions(
  registry: Registry,
  repository: string,
  tag: string,
): Promise<Answer<readonly string[]>> {
  const manifest = await registry.manifest(`${repository}:${tag}`);
  if ('failure' in manifest) return manifest;
  const layer = manifest.value.layers.find(({ mediaType }) => mediaType === CHART_LAYER);
  if (layer === undefined) return noDefinitions(`${repository}:${tag} is no chart`);
  const blob = await registry.blob(repository, layer.digest);
  if ('failure' in blob) return blob;
  try {
    const files = await readArchive(blob.value, (file) => /^[^/]+\/(?:crds|templates)\/.+\.ya?ml$/.test(file));
    return { value: [...files.values()].map(withoutActions).filter(holdsDefinition) };
  } catch (error) {
    return noDefinitions((error as Error).message);
  }
}

function noDefinitions(reason: string): Answer<never> {
  return { failure: { kind: 'unusable', reason, remedy: 'Name a checkout of the operator with --manifests.' } };
}

const withoutActions = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !ACTION_LINE.test(line))
    .join('\n');

/** Whether a text is YAML with a definition in it; other templates are YAML only once they are rendered. */
function holdsDefinition(text: string): boolean {
  if (!text.includes('CustomResourceDefinition')) return false;
  const documents = parseAllDocuments(text);
  return (
    Array.isArray(documents) &&
    documents.every(({ errors }) => errors.length === 0) &&
    documents.some((document) => document.get('kind') === 'CustomResourceDefinition')
  );
}
