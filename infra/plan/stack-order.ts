import { ORGANIZATION_STACK, type Environment, type Platform } from '../../src/model';
import { fluxIdentities } from '../azure-devops/flux-identities';

/** A step on the way to running environments. */
export interface StackStep {
  readonly stack: string;
  /** Stacks whose outputs have to be recorded before. */
  readonly after: readonly string[];
  readonly why: string;
}

/** Environments whose registry or Key Vault an environment uses. */
const ownersOf = ({ registry, vault }: Environment): readonly string[] => [
  ...new Set([registry.sharedWith, vault.sharedWith].filter((owner) => owner !== undefined)),
];

/**
 * The order in which stacks are brought up: who owns a registry or Key Vault before those who use it, and an owner of a registry once more,
 * because the identities that it lets in are made by those who share it. Environments that share nothing are independent.
 */
export function stackOrder(platform: Platform): readonly StackStep[] {
  const { environments } = platform;
  const { before, after } = organizationSteps(platform);
  const first = before.length === 0 ? [] : [ORGANIZATION_STACK];
  const firsts = firstSteps(environments).map((step) => ({ ...step, after: [...first, ...step.after] }));
  return [...before, ...firsts, ...after, ...secondSteps(environments)];
}

/**
 * The Azure DevOps side comes first, because the environments let its pipelines in; and once more, to entitle the identities that the
 * environments make. That is no circle: what it gives the environments needs nothing of theirs, and an environment makes its identities
 * before Flux needs them entitled.
 */
function organizationSteps(platform: Platform): { readonly before: readonly StackStep[]; readonly after: readonly StackStep[] } {
  if (platform.organization === undefined) return { before: [], after: [] };
  const before = [{ stack: ORGANIZATION_STACK, after: [], why: 'makes the identities of the pipelines' }];
  const waiting = new Set(
    fluxIdentities(platform).flatMap(({ environment, objectId }) => (objectId === undefined ? [environment.name] : [])),
  );
  if (waiting.size === 0) return { before, after: [] };
  const after = [...waiting];
  const verb = platform.organization.settings.entitlements === 'managed' ? 'entitles' : 'tells how to entitle';
  const why = `${verb} the Flux identities of ${after.join(', ')}: give 'k8s-gitops:fluxIdentities' while their first \`pulumi up\` waits`;
  return { before, after: [{ stack: ORGANIZATION_STACK, after, why }] };
}

/** Each environment after those that it uses something of; otherwise in the order of promotion. */
function firstSteps(environments: readonly Environment[]): readonly StackStep[] {
  const steps: StackStep[] = [];
  let waiting = [...environments];
  while (waiting.length > 0) {
    const done = new Set(steps.map(({ stack }) => stack));
    const free = waiting.filter((environment) => ownersOf(environment).every((owner) => done.has(owner)));
    // The model refuses circles; whatever else there is would be told rather than waited for.
    const next = free.length > 0 ? free : waiting;
    steps.push(
      ...next.map((environment) => ({ stack: environment.name, after: ownersOf(environment), why: whyOf(environment) })),
    );
    waiting = waiting.filter((environment) => !next.includes(environment));
  }
  return steps;
}

function whyOf({ registry, vault }: Environment): string {
  const of = [
    ...(registry.sharedWith === undefined ? [] : [`the registry of ${registry.sharedWith}`]),
    ...(vault.sharedWith === undefined ? [] : [`the Key Vault of ${vault.sharedWith}`]),
  ];
  return of.length === 0 ? 'owns its registry and Key Vault' : `uses ${of.join(' and ')}`;
}

function secondSteps(environments: readonly Environment[]): readonly StackStep[] {
  return environments.flatMap(({ name: owner }) => {
    const after = environments
      .filter(({ registry, outputs }) => registry.sharedWith === owner && outputs === undefined)
      .map(({ name }) => name);
    if (after.length === 0) return [];
    return [{ stack: owner, after, why: `lets the Flux identity of ${after.join(', ')} read its registry, once it is recorded` }];
  });
}
