import {
  type PolicyProviderResource,
  type PolicyResource,
  type PolicyResourceOptions,
  type ReportViolation,
} from '@pulumi/policy';
import { shortName, type Plan, type PlannedResource } from '../plan/plan';
import { parseFinding } from './finding';
import { policies } from './policies';
import { type PolicyFacts } from './policy-facts';
import { type Violation } from './violation';

/** Runs every rule over the plan of a stack, in this process, as the engine would. */
export async function checkPlan(
  { resources }: Pick<Plan, 'stack' | 'resources'>,
  facts: PolicyFacts,
): Promise<readonly Violation[]> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const all = policyResources(resources, byUrn);
  const violations: Violation[] = [];
  for (const policy of policies(facts)) {
    const enforcement = policy.enforcementLevel === 'advisory' ? 'advisory' : 'mandatory';
    const reportAbout =
      (checked?: PlannedResource): ReportViolation =>
      (text: string, urn?: string) => {
        const about = urn === undefined ? checked : byUrn.get(urn);
        violations.push({
          policy: policy.name,
          enforcement,
          ...(about === undefined ? {} : { urn: about.urn, resource: shortName(about) }),
          ...parseFinding(text),
        });
      };
    if ('validateStack' in policy) {
      await whereItApplies(() => policy.validateStack({ resources: [...all], ...SURROUNDINGS }, reportAbout()));
      continue;
    }
    for (const validate of [policy.validateResource ?? []].flat()) {
      for (const [index, resource] of all.entries()) {
        // No class of a resource is used here, whose arguments `asType` would give.
        const args = { ...resource, ...SURROUNDINGS, asType: () => undefined };
        await whereItApplies(() => validate(args, reportAbout(resources[index])));
      }
    }
  }
  return violations.sort(byResource);
}

class NotApplicable extends Error {}

/** What rules are given besides resources; these have no settings of their own. */
const SURROUNDINGS = {
  stackTags: new Map<string, string>(),
  getConfig: (): never => ({}) as never,
  notApplicable: (reason?: string): never => {
    throw new NotApplicable(reason);
  },
};

async function whereItApplies(validate: () => Promise<void> | void): Promise<void> {
  try {
    await validate();
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error;
  }
}

/** The resources with each other in the place of their URNs. */
function policyResources(
  resources: readonly PlannedResource[],
  planned: ReadonlyMap<string, PlannedResource>,
): readonly PolicyResource[] {
  const made = new Map(resources.map((resource) => [resource.urn, policyResource(resource, planned)]));
  const found = (urns: readonly string[]): PolicyResource[] => urns.flatMap((urn) => made.get(urn) ?? []);
  for (const { urn, parent, dependencies, propertyDependencies } of resources) {
    const resource = made.get(urn)!;
    const parentResource = parent === undefined ? undefined : made.get(parent);
    if (parentResource !== undefined) resource.parent = parentResource;
    resource.dependencies = found(dependencies);
    resource.propertyDependencies = Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, urns]) => [property, found(urns)]),
    );
  }
  return resources.map(({ urn }) => made.get(urn)!);
}

function policyResource(resource: PlannedResource, planned: ReadonlyMap<string, PlannedResource>): PolicyResource {
  const { type, name, urn, inputs, protect, ignoreChanges, deleteBeforeReplace, parent } = resource;
  const opts: PolicyResourceOptions = {
    protect,
    ignoreChanges: [...ignoreChanges],
    deleteBeforeReplace,
    aliases: [],
    customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
    additionalSecretOutputs: [],
    ...(parent === undefined ? {} : { parent }),
  };
  const isType: PolicyResource['isType'] = (resourceClass) =>
    (resourceClass as { readonly __pulumiType?: string }).__pulumiType === type;
  const provider = resource.provider === undefined ? undefined : planned.get(resource.provider);
  return {
    type,
    name,
    urn,
    props: inputs,
    opts,
    dependencies: [],
    propertyDependencies: {},
    isType,
    asType: (resourceClass) => (isType(resourceClass) ? (inputs as never) : undefined),
    ...(provider === undefined ? {} : { provider: policyProvider(provider) }),
  };
}

const policyProvider = ({ type, name, urn, inputs }: PlannedResource): PolicyProviderResource => ({
  type,
  name,
  urn,
  props: inputs,
});

const byResource = (a: Violation, b: Violation): number =>
  compare(a.urn ?? '', b.urn ?? '') || compare(a.policy, b.policy) || compare(a.message, b.message);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
