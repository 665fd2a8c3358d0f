import { type PlanObject, type PlannedResource } from '../../../infra/plan';
import { checkPlan, type PolicyFacts, type Violation } from '../../../infra/policy/index';

export const FACTS: PolicyFacts = {
  productionStack: 'prod',
  productionDeployment: 'prod-deployments',
  productionBranch: 'master',
  repository: 'k8s-gitops',
  branches: { dev: 'dev', prod: 'master' },
  deployingBranches: new Map([
    ['dev-deployments', 'dev'],
    ['prod-deployments', 'master'],
  ]),
  connectingBranches: new Map([
    ['k8s-rbac-dev-ado-sc', 'dev'],
    ['k8s-rbac-prod-ado-sc', 'master'],
  ]),
  signingConnections: ['image-signing-dev-sc', 'image-signing-prod-sc'],
  pullConnections: ['acr-dev-sc', 'acr-prod-sc'],
  templates: {
    repository: 'my-project/k8s-gitops',
    ref: 'refs/heads/master',
    application: 'ci/app.yaml',
    dryRun: 'ci/dry-run.yaml',
  },
  fluxVersion: '2.9.5',
};

const CLASSES: Readonly<Record<string, string>> = {
  Registry: 'azure-native:containerregistry:Registry',
  Vault: 'azure-native:keyvault:Vault',
  Key: 'azure-native:keyvault:Key',
  Secret: 'azure-native:keyvault:Secret',
  RoleAssignment: 'azure-native:authorization:RoleAssignment',
  RoleDefinition: 'azure-native:authorization:RoleDefinition',
  UserAssignedIdentity: 'azure-native:managedidentity:UserAssignedIdentity',
  FederatedIdentityCredential: 'azure-native:managedidentity:FederatedIdentityCredential',
  FluxInstance: 'kubernetes:fluxcd.controlplane.io/v1:FluxInstance',
  Release: 'kubernetes:helm.sh/v3:Release',
  Command: 'command:local:Command',
};

/** Type token of a class; what is not listed is of azuredevops. */
const typeOf = (name: string): string =>
  name.includes(':') ? name : (CLASSES[name] ?? `azuredevops:index/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`);

/** A resource of a test: class or type, and name. */
export interface TestResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: PlanObject;
  /** Names of the resources that an input's value comes from, as far as they are there. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
}

/** The resources as a plan has them. */
export function planned(stack: string, resources: readonly TestResource[]): readonly PlannedResource[] {
  const urn = ({ type, name }: TestResource): string => `urn:pulumi:${stack}::k8s-gitops::${typeOf(type)}::${name}`;
  const urnsOf = (names: readonly string[]): readonly string[] => resources.filter(({ name }) => names.includes(name)).map(urn);
  return resources.map((resource) => ({
    urn: urn(resource),
    type: typeOf(resource.type),
    name: resource.name,
    custom: true,
    inputs: resource.inputs,
    dependencies: Object.values(resource.from ?? {}).flatMap(urnsOf),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.from ?? {}).map(([property, names]) => [property, urnsOf(names)]),
    ),
    protect: resource.protect ?? false,
    retainOnDelete: resource.retainOnDelete ?? false,
    deleteBeforeReplace: false,
    ignoreChanges: [],
  }));
}

/** What a rule finds in a stack. */
export async function violationsOf(
  policy: string,
  stack: string,
  resources: readonly TestResource[],
): Promise<readonly Violation[]> {
  const violations = await checkPlan({ stack, resources: planned(stack, resources) }, FACTS);
  return violations.filter((violation) => violation.policy === policy);
}

/** The messages of what a rule finds wrong with one resource in the stack dev. */
export async function wrongWith(policy: string, type: string, inputs: PlanObject): Promise<readonly string[]> {
  const violations = await violationsOf(policy, 'dev', [{ type, name: 'it', inputs }]);
  for (const { urn, resource, remedy, enforcement } of violations) {
    expect([urn, resource, enforcement]).toEqual([
      `urn:pulumi:dev::k8s-gitops::${typeOf(type)}::it`,
      `${typeOf(type).split(':').at(-1)!} it`,
      'mandatory',
    ]);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
  return violations.map(({ message }) => message);
}

/** Inputs with one value changed; `undefined` leaves it out. */
export function changed(inputs: PlanObject, path: string, value: PlanObject[string] | undefined): PlanObject {
  const [key, ...rest] = path.split('.') as [string, ...string[]];
  const { [key]: before, ...others } = inputs;
  if (rest.length > 0) return { ...others, [key]: changed(before as PlanObject, rest.join('.'), value) };
  return value === undefined ? others : { ...others, [key]: value };
}
