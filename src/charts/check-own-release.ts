import { FLUX_NAMESPACE } from '../../manifests';
import {
  APP_CHART,
  CENTRAL_CHARTS,
  HELM_RELEASE_NAME,
  isRecord,
  parseValue,
  recordAt,
  TENANT_CHART,
  textAt,
  violation,
  type Problem,
  type System,
} from '../model';
import { type ManifestDocument } from '../validation';
import { type ReleaseAtHand } from './release-at-hand';

/** What the registration decides, and a system's own HelmRelease must not say differently. */
export function checkOwnRelease(document: ManifestDocument, release: ReleaseAtHand): readonly Problem[] {
  return [checkName, checkReleaseName, checkPlace, checkChart, checkFields, checkTenant].flatMap((check) =>
    check(document, release),
  );
}

/** Others wait for the HelmRelease by its name, and no system takes a name that another one may want. */
function checkName({ locator }: ManifestDocument, { system, environment, name }: ReleaseAtHand): readonly Problem[] {
  const { helmRelease } = system.names;
  if (name === helmRelease || name.startsWith(`${helmRelease}-`)) return [];
  return [
    {
      location: locator.locate(['metadata', 'name']),
      message: `the HelmRelease is called '${name}', and those of ${system.name} in ${environment} are '${helmRelease}' or begin with '${helmRelease}-' (${system.file})`,
      remedy: "Rename it, or give 'names.helmRelease' in the registration.",
    },
  ];
}

/** The name becomes an argument of helm, and part of the names of objects. */
function checkReleaseName({ locator }: ManifestDocument, { releaseName }: ReleaseAtHand): readonly Problem[] {
  const message = violation(HELM_RELEASE_NAME, releaseName);
  if (message === undefined) return [];
  return [
    {
      location: locator.locate(['spec', 'releaseName']),
      message: `'spec.releaseName': ${JSON.stringify(releaseName)} ${message}`,
      remedy: 'Correct it.',
    },
  ];
}

/** Fields with which a team would get around what the central chart and the review of values are for. */
const FIELDS_NOT_IN_PATTERN_B: Readonly<Record<string, string>> = {
  postRenderers: 'changes what the central chart makes',
  valuesFrom: 'takes values from the cluster, which nobody reviews',
  kubeConfig: 'releases into another cluster',
  serviceAccountName: 'releases as somebody else',
};

function checkFields({ content, locator }: ManifestDocument, { system }: ReleaseAtHand): readonly Problem[] {
  if (system.pattern !== 'B') return [];
  return Object.entries(FIELDS_NOT_IN_PATTERN_B)
    .filter(([field]) => recordAt(content, 'spec')[field] !== undefined)
    .map(([field, effect]) => ({
      location: locator.locate(['spec', field]),
      message: `'spec.${field}' ${effect}, and ${system.name} is of pattern B`,
      remedy: 'Remove it, use the values of the chart, or register the system with pattern A.',
    }));
}

/** Under `tenancy: shared` every release stands in flux-system, and makes its system's namespace. */
function checkPlace({ content, locator }: ManifestDocument, { system, environment }: ReleaseAtHand): readonly Problem[] {
  const problems: Problem[] = [];
  const namespace = textAt(content, 'metadata', 'namespace');
  if (namespace !== FLUX_NAMESPACE) {
    problems.push({
      location: locator.locate(['metadata', 'namespace']),
      message: `the HelmRelease stands in ${namespace === undefined ? 'no namespace' : `namespace '${namespace}'`}, not in '${FLUX_NAMESPACE}'`,
      remedy: "Write 'namespace: flux-system'; the workload's own is 'spec.targetNamespace'.",
    });
  }
  const target = textAt(content, 'spec', 'targetNamespace');
  if (target !== system.names.namespace) {
    problems.push({
      location: locator.locate(['spec', 'targetNamespace']),
      message: `'spec.targetNamespace' is ${target === undefined ? 'missing' : `'${target}'`}, and the namespace of ${system.name} in ${environment} is '${system.names.namespace}' (${system.file})`,
      remedy: `Write 'targetNamespace: ${system.names.namespace}', or give 'names.namespace' in the registration.`,
    });
  }
  return problems;
}

/** Pattern B is a release of the central chart, with values of its schema. */
function checkChart({ content, locator }: ManifestDocument, { system, central, values }: ReleaseAtHand): readonly Problem[] {
  if (system.pattern === 'B' && central !== APP_CHART) {
    const name = textAt(content, 'spec', 'chart', 'spec', 'chart') ?? textAt(content, 'spec', 'chartRef', 'name') ?? '';
    return [
      {
        location: locator.locate(['spec', 'chart']),
        message: `the chart is '${name}', and ${system.name} is of pattern B, which is the central platform-app-chart`,
        remedy: "Use './platform-app-chart' of the shared chart repository, or register the system with pattern A.",
      },
    ];
  }
  if (central === undefined) return [];
  const result = parseValue(CENTRAL_CHARTS[central], values, locator, ['spec', 'values']);
  return 'problems' in result ? result.problems : [];
}

/** Facts of the tenant, by their place in the values of a central chart. */
const FACTS: readonly (readonly [fact: 'sku' | 'aadGroupId' | 'podSecurity', path: readonly string[]])[] = [
  ['sku', ['sku']],
  ['aadGroupId', ['aadGroupId']],
  ['podSecurity', ['tenant', 'podSecurity']],
  ['podSecurity', ['podSecurity']],
];

/** A literal that says something else than the registration wins over it, and nobody would see it there. */
function checkTenant({ locator }: ManifestDocument, { system, environment, central, values }: ReleaseAtHand): readonly Problem[] {
  const standalone = central === TENANT_CHART;
  return FACTS.flatMap(([fact, place]): readonly Problem[] => {
    // A chart of a team may call something else so.
    if (central === undefined && (fact === 'podSecurity' || system[fact] === undefined)) return [];
    if (fact === 'podSecurity' && standalone !== (place.length === 1)) return [];
    const literal = recordAt(values, ...place.slice(0, -1))[place.at(-1)!];
    if (literal === undefined || isRecord(literal) || literal === system[fact]) return [];
    return [
      {
        location: locator.locate(['spec', 'values', ...place]),
        message: `'${place.join('.')}' is ${JSON.stringify(literal)}, and the registration says ${described(system, fact)} for ${environment} (${system.file})`,
        remedy:
          fact === 'podSecurity'
            ? "Remove it, or change 'podSecurity' in the registration."
            : `Write '\${${fact}}', which Flux fills in, or change the registration.`,
      },
    ];
  });
}

function described(system: System, fact: 'sku' | 'aadGroupId' | 'podSecurity'): string {
  const value = system[fact];
  return value === undefined ? 'none' : `'${value}'`;
}
