import { kindName, NEVER_IN_PATTERN_C, PATTERN_C_KINDS, recordAt, textAt, type Problem, type System } from '../model';
import { type ManifestDocument } from '../validation';

/** What a system of pattern C holds: kinds that were approved, and nothing that a chart manages. */
export function checkPatternC(document: ManifestDocument, system: System): readonly Problem[] {
  const { content, locator } = document;
  const apiVersion = textAt(content, 'apiVersion');
  const kind = textAt(content, 'kind');
  if (apiVersion === undefined || kind === undefined) return [];
  const name = kindName(apiVersion, kind);
  const problems: Problem[] = [];
  if (NEVER_IN_PATTERN_C.includes(name)) {
    problems.push({
      location: locator.locate(['kind']),
      message: `${system.name} is of pattern C, and a ${name} is never part of it: Git holds no secrets`,
      remedy: 'Use External Secrets or the Secrets Store CSI driver.',
    });
  } else if (![...PATTERN_C_KINDS, ...(system.approval?.kinds ?? [])].includes(name)) {
    problems.push({
      location: locator.locate(['kind']),
      message: `${system.name} is of pattern C, and its approval (${system.file}) does not cover the kind ${name}`,
      remedy: `Deliver it by a chart (pattern A or B), or have it approved: add '${name}' to 'approval.kinds'.`,
    });
  }
  const managedBy = helmOwner(content);
  if (managedBy !== undefined) {
    problems.push({
      location: locator.locate(['metadata', ...managedBy.path]),
      message: `the object says that Helm manages it (${managedBy.path.at(-1)!}: ${managedBy.value}), and pattern C only adds to what charts manage`,
      remedy: 'Remove the label or annotation, or change the object in its chart.',
    });
  }
  return problems;
}

function helmOwner(content: unknown): { readonly path: readonly string[]; readonly value: string } | undefined {
  const marks = [
    ['labels', 'app.kubernetes.io/managed-by'],
    ['labels', 'helm.sh/chart'],
    ['annotations', 'meta.helm.sh/release-name'],
    ['annotations', 'meta.helm.sh/release-namespace'],
  ] as const;
  for (const [field, key] of marks) {
    const value = recordAt(content, 'metadata', field)[key];
    if (typeof value === 'string' && (key !== 'app.kubernetes.io/managed-by' || value === 'Helm'))
      return { path: [field, key], value };
  }
  return undefined;
}
