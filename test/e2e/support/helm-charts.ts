import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { REPOSITORY, temporaryFolder, writeFile } from '../../support/platform-folder';
import { tool, toolPath } from './tools';

export type Mapping = Readonly<Record<string, unknown>>;

/** An object as a chart renders it. */
export interface RenderedObject extends Mapping {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Mapping;
}

/** How a chart is rendered. */
export interface Rendering {
  /** @default 'shop' */
  readonly release?: string;
  /** @default 'shop' */
  readonly namespace?: string;
  /** @default '1.34.0' */
  readonly kubernetesVersion?: string;
}

/** What helm says: the objects, or why it refuses. */
export type Rendered = { readonly objects: readonly RenderedObject[]; readonly text: string } | { readonly refusal: string };

/**
 * A copy of the charts in which the dependency is built.
 *
 * @param change changes a file of the copy, before
 */
export async function buildCharts(change: (folder: string) => void = () => undefined): Promise<string> {
  const folder = temporaryFolder();
  fs.cpSync(path.join(REPOSITORY, 'charts'), folder, { recursive: true });
  for (const made of ['charts', 'Chart.lock']) {
    fs.rmSync(path.join(folder, 'platform-app-chart', made), { recursive: true, force: true });
  }
  change(folder);
  await tool('helm', ['dependency', 'build', '--skip-refresh', path.join(folder, 'platform-app-chart')], {
    directory: temporaryFolder(),
  });
  return folder;
}

/** Replaces text in a file; fails when it is not there. */
export function replaceText(folder: string, file: string, from: string, to: string): void {
  const content = fs.readFileSync(path.join(folder, file), 'utf8');
  if (!content.includes(from)) throw new Error(`${file} has no '${from}'`);
  fs.writeFileSync(path.join(folder, file), content.replaceAll(from, to));
}

/** Renders a chart with the real helm, as `helm template`. */
export async function render(chart: string, values: Mapping, rendering: Rendering = {}): Promise<Rendered> {
  const { release = 'shop', namespace = 'shop', kubernetesVersion = '1.34.0' } = rendering;
  const folder = temporaryFolder();
  writeFile(folder, 'values.json', JSON.stringify(values));
  const options = [`--namespace=${namespace}`, `--kube-version=${kubernetesVersion}`, '--values=values.json'];
  const answer = await new Promise<{ readonly stdout: string; readonly error?: string }>((resolve) => {
    execFile(
      toolPath('helm'),
      ['template', release, chart, ...options],
      { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder }, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve(error === null ? { stdout } : { stdout, error: stderr });
      },
    );
  });
  fs.rmSync(folder, { recursive: true });
  if (answer.error !== undefined) return { refusal: answer.error };
  return { objects: readObjects(answer.stdout), text: answer.stdout };
}

/** The objects of a chart; fails when helm refuses. */
export async function renderObjects(chart: string, values: Mapping, rendering?: Rendering): Promise<readonly RenderedObject[]> {
  const rendered = await render(chart, values, rendering);
  if ('refusal' in rendered) throw new Error(rendered.refusal);
  return rendered.objects;
}

/** What a template says when it refuses values, without what helm puts around it. */
export async function refusalOf(chart: string, values: Mapping, rendering?: Rendering): Promise<string> {
  const rendered = await render(chart, values, rendering);
  if ('objects' in rendered) throw new Error('helm accepts it');
  const said = /execution error at \([^)]*\): (.*)/.exec(rendered.refusal)?.[1];
  return said ?? rendered.refusal;
}

/** As Go reads YAML, where `no` without quotes is false. */
function readObjects(text: string): readonly RenderedObject[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const content = document.toJS() as RenderedObject | null;
    return content === null ? [] : [content];
  });
}

/** What an object is called. */
export const keyOf = ({ kind, metadata }: RenderedObject): string => `${kind}/${metadata.name}`;

/** Objects by their names; fails when two have the same. */
export function byKey(objects: readonly RenderedObject[]): Readonly<Record<string, RenderedObject>> {
  const result = Object.fromEntries(objects.map((object) => [keyOf(object), object]));
  if (Object.keys(result).length !== objects.length) throw new Error(`two are called the same: ${objects.map(keyOf).join(', ')}`);
  return result;
}

/**
 * What is different: fields by object and path, `null` where they are gone; objects that came, without their names and labels, and objects that went.
 * Entries of lists are called by their name.
 */
export function difference(before: readonly RenderedObject[], after: readonly RenderedObject[]): Mapping {
  const [old, now] = [byKey(before), byKey(after)];
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(old)) if (!(key in now)) result[`- ${key}`] = null;
  for (const [key, object] of Object.entries(now)) {
    const same = old[key];
    if (same === undefined) result[`+ ${key}`] = contentOf(object);
    else compare(same, object, `${key} `, result);
  }
  return result;
}

function contentOf(object: RenderedObject): Mapping {
  const content = Object.entries(object).filter(([name]) => name !== 'kind' && name !== 'metadata');
  const { annotations } = object.metadata as { readonly annotations?: unknown };
  return Object.fromEntries(annotations === undefined ? content : [...content, ['annotations', annotations]]);
}

function compare(before: unknown, after: unknown, trail: string, result: Record<string, unknown>): void {
  const [old, now] = [childrenOf(before), childrenOf(after)];
  if (old === undefined || now === undefined) {
    if (!isDeepStrictEqual(before, after)) result[trail] = after ?? null;
    return;
  }
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    compare(old[name], now[name], `${trail}${trail.endsWith(' ') || name.startsWith('[') ? '' : '.'}${name}`, result);
  }
}

function childrenOf(value: unknown): Mapping | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return value as Mapping;
  return Object.fromEntries(
    value.map((item: unknown, index) => [`[${(item as { readonly name?: string } | null)?.name ?? index}]`, item]),
  );
}

/** What cannot change about objects once they are there, by object. */
export function immutableParts(objects: readonly RenderedObject[]): Readonly<Record<string, Mapping>> {
  return Object.fromEntries(objects.map((object) => [keyOf(object), partsOf(object)]));
}

function partsOf({ apiVersion, kind, metadata, spec = {}, ...rest }: RenderedObject): Mapping {
  const common = { apiVersion, namespace: metadata.namespace ?? null };
  switch (kind) {
    case 'Deployment':
    case 'PodDisruptionBudget':
      return { ...common, selector: spec['selector'] };
    case 'Service':
      return { ...common, selector: spec['selector'], type: spec['type'] ?? null, clusterIP: spec['clusterIP'] ?? null };
    case 'CronJob': {
      const { spec: job } = spec['jobTemplate'] as { readonly spec: { readonly template: { readonly metadata: Mapping } } };
      return { ...common, labels: job.template.metadata['labels'] };
    }
    case 'RoleBinding':
      return { ...common, roleRef: rest['roleRef'] };
    case 'HorizontalPodAutoscaler':
      return { ...common, scaleTargetRef: spec['scaleTargetRef'] };
    case 'ExternalSecret':
      return { ...common, target: spec['target'] };
    default:
      return common;
  }
}
