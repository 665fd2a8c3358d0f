import * as path from 'node:path';
import { textAt, type Environment, type Problem } from '../model';
import { podImages, podSecurityViolations, validateManifest, type Findings, type SchemaCatalog } from '../validation';
import { foreignImage, isInRegistry } from './check-images';
import { type RenderedDocument, type RenderedRelease } from './render-releases';

/** What an API server would say of a rendered release: schemas, rules, names, and the Pod Security Standards of its namespace. */
export function checkRendered(
  { release, documents }: RenderedRelease,
  { cluster, registry }: Environment,
  catalog: SchemaCatalog,
): Findings {
  const { location, system, environment, namespace, central } = release;
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const told = (document: RenderedDocument, message: string, remedy: string): Problem => ({
    location,
    message: `${system.name} in ${environment}: ${textAt(document.content, 'kind') ?? 'object'} '${textAt(document.content, 'metadata', 'name') ?? ''}' of ${document.template}: ${message}`,
    remedy,
  });
  for (const document of documents) {
    const verdict = validateManifest(document, catalog, { defaultNamespace: namespace });
    problems.push(...verdict.problems.map(({ message, remedy }) => told(document, message, remedy)));
    notes.push(...verdict.notes.map(({ message, remedy }) => told(document, message, remedy)));
    // Values of the central chart were looked at where they stand.
    for (const image of central === undefined ? podImages(document.content) : []) {
      if (!isInRegistry(image, registry)) problems.push(told(document, ...foreignImage(image, registry)));
    }
    if (system.podSecurity === 'privileged') continue;
    for (const { message, remedy } of podSecurityViolations(document.content, system.podSecurity, cluster.kubernetesVersion)) {
      problems.push(told(document, message, remedy));
    }
  }
  return { problems, notes };
}

/** Whether an object stands in the namespace of its release. */
export const isInNamespace = ({ content }: RenderedDocument, namespace: string): boolean =>
  (textAt(content, 'metadata', 'namespace') ?? namespace) === namespace;

/**
 * What identifies an object in a cluster, whatever version of its API it is written in.
 *
 * @param catalog knows which kinds stand in no namespace
 * @param defaultNamespace namespace of an object that names none
 */
export function objectKey(content: unknown, catalog: SchemaCatalog, defaultNamespace?: string): string {
  const apiVersion = textAt(content, 'apiVersion') ?? '';
  const kind = textAt(content, 'kind') ?? '';
  const group = apiVersion.includes('/') ? path.posix.dirname(apiVersion) : '';
  const namespaced = catalog.find(apiVersion, kind)?.scope !== 'Cluster';
  const namespace = namespaced ? (textAt(content, 'metadata', 'namespace') ?? defaultNamespace ?? '') : '';
  return JSON.stringify([group, kind, namespace, textAt(content, 'metadata', 'name')]);
}
