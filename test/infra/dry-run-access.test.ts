import * as pulumi from '@pulumi/pulumi';
import type * as protocol from '@pulumi/pulumi/proto/resource_pb';
import { COMPUTED, type Plan, type PlannedResource } from '../../infra/plan';
import { PlanMonitor } from '../../infra/plan/plan-monitor';
import { evaluate } from '../../infra/plan/evaluate';
import { isAfter, resourceOf } from './plans';

/** By its interface: the types of Kubernetes alone take 150 MB of a type check. */
interface Component {
  readonly checkedIdentity: (principalId: string) => unknown;
  readonly DryRunAccess: new (
    name: string,
    args: {
      readonly principalId: pulumi.Input<string>;
      readonly provider: pulumi.ProviderResource;
      readonly namespaceReady: readonly pulumi.Resource[];
    },
  ) => pulumi.ComponentResource;
}
/* eslint-disable @typescript-eslint/no-require-imports -- see above */
const { checkedIdentity, DryRunAccess } = require('../../infra/components/dry-run-access') as Component;
const { Provider } = require('@pulumi/kubernetes/provider') as {
  readonly Provider: new (name: string, args: object) => pulumi.ProviderResource;
};
/* eslint-enable */

const IDENTITY = '0a1b2c3d-1111-4222-8333-4444abcdef00';
const NAME = 'k8s-gitops-dry-run';
const METADATA = { labels: { 'app.kubernetes.io/managed-by': 'k8s-gitops' }, name: NAME };

const POLICY = 'ValidatingAdmissionPolicy dry-run-access';
const POLICY_BINDING = 'ValidatingAdmissionPolicyBinding dry-run-access';
const ROLE = 'ClusterRole dry-run-access';
const ROLE_BINDING = 'RoleBinding dry-run-access';
const ALL = [POLICY, POLICY_BINDING, ROLE, ROLE_BINDING];

/** Also writes down what a plan does not show. */
class Monitor extends PlanMonitor {
  public readonly replaceOnChanges = new Map<string, readonly string[]>();

  public override registerResource(...[request, callback]: Parameters<PlanMonitor['registerResource']>): void {
    const { getName, getType } = request as Pick<protocol.RegisterResourceRequest, 'getName' | 'getType'>;
    const name = `${getType.call(request).split(':').at(-1)!} ${getName.call(request)}`;
    this.replaceOnChanges.set(name, request.getReplaceonchangesList());
    super.registerResource(request, callback);
  }
}

/** Stands for whatever makes the namespace of Flux. */
class Namespace extends pulumi.CustomResource {
  public constructor(provider: pulumi.ProviderResource) {
    super('test:index:Namespace', 'flux-system', {}, { provider });
  }
}

async function plan(principalId: pulumi.Input<string>): Promise<Plan & Pick<Monitor, 'replaceOnChanges'>> {
  const monitor = new Monitor('k8s-gitops', 'dev', {
    known: () => undefined,
    lookUp: (token) => {
      throw new Error(`nothing is looked up, and not ${token}`);
    },
  });
  await evaluate(() => {
    const provider = new Provider('cluster', { kubeconfig: '{}' });
    new DryRunAccess('dry-run-access', { principalId, provider, namespaceReady: [new Namespace(provider)] });
    return Promise.resolve({});
  }, monitor);
  const { replaceOnChanges, resources, outputs } = monitor;
  return {
    stack: 'dev',
    recorded: false,
    resources: [...resources.values()],
    lookUps: [],
    outputs,
    warnings: [],
    notes: [],
    stops: [],
    violations: [],
    replaceOnChanges,
  };
}

const unknown = (): pulumi.Output<string> => pulumi.output(pulumi.unknown as unknown as string);

/** Everything that would let the rights exist without the refusal. */
function dangers(of: Plan & Pick<Monitor, 'replaceOnChanges'>): readonly string[] {
  const order = ALL.flatMap((later, index) =>
    ALL.slice(0, index)
      .filter((earlier) => !isAfter(of, later, earlier))
      .map((earlier) => `${later} does not wait for ${earlier}`),
  );
  const roleRef = resourceOf(of, ROLE_BINDING).propertyDependencies['roleRef'] ?? [];
  const left = [POLICY, POLICY_BINDING]
    .filter((replaced) => !roleRef.includes(resourceOf(of, replaced).urn))
    .map((replaced) => `${ROLE_BINDING} stays when ${replaced} is replaced`);
  const beside = ALL.filter((name) => !resourceOf(of, name).deleteBeforeReplace).map(
    (name) => `${name} would stand beside itself`,
  );
  const kept = ALL.filter((name) => resourceOf(of, name).retainOnDelete).map((name) => `${name} stays in the cluster`);
  const changed = of.replaceOnChanges.get(POLICY)?.includes('spec.matchConditions')
    ? []
    : [`${POLICY} lets go of the former identity before its rights are gone`];
  return [...order, ...left, ...beside, ...kept, ...changed];
}

describe('the access of dry runs to a cluster', () => {
  it('is made by one component, on the given provider', async () => {
    const { resources } = await plan(IDENTITY);
    const component = resources.find(({ type }) => type === 'k8s-gitops:kubernetes:DryRunAccess')!;
    expect(component).toMatchObject({ custom: false, name: 'dry-run-access' });
    const children = resources.filter(({ parent }) => parent === component.urn);
    expect(children.map(({ type }) => type)).toEqual([
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy',
      'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding',
      'kubernetes:rbac.authorization.k8s.io/v1:ClusterRole',
      'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding',
    ]);
    const provider = resources.find(({ name }) => name === 'cluster')!.urn;
    expect(children.map((child) => child.provider)).toEqual(ALL.map(() => provider));
  });

  it('is what was written down by hand', async () => {
    const made = await plan(IDENTITY);
    expect(resourceOf(made, POLICY).inputs).toEqual({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { ...METADATA, annotations: { 'pulumi.com/waitFor': 'jsonpath={.status.observedGeneration}' } },
      spec: {
        failurePolicy: 'Fail',
        matchConditions: [
          {
            expression: `has(request.userInfo.username) && request.userInfo.username.lowerAscii() == '${IDENTITY}'`,
            name: 'is-the-dry-run-identity',
          },
        ],
        matchConstraints: { resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }] },
        validations: [
          {
            expression: 'has(request.dryRun) && request.dryRun',
            message: expect.stringContaining('may change nothing') as unknown,
            messageExpression: expect.stringContaining('request.operation') as unknown,
            reason: 'Forbidden',
          },
        ],
      },
    });
    expect(resourceOf(made, POLICY).createTimeout).toBe('2m');
    expect(resourceOf(made, POLICY_BINDING).inputs).toEqual({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: METADATA,
      spec: { policyName: NAME, validationActions: ['Deny'] },
    });
    expect(resourceOf(made, ROLE).inputs).toMatchObject({ kind: 'ClusterRole', metadata: METADATA });
    expect(resourceOf(made, ROLE_BINDING).inputs).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { ...METADATA, namespace: 'flux-system' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: IDENTITY }],
    });
  });

  it('never gives the rights without the refusal', async () => {
    const made = await plan(IDENTITY);
    expect(dangers(made)).toEqual([]);
    expect(isAfter(made, ROLE_BINDING, 'Namespace flux-system')).toBe(true);
  });

  /** A plan with one resource changed. */
  const withOne = (
    of: Awaited<ReturnType<typeof plan>>,
    name: string,
    change: (one: PlannedResource) => Partial<PlannedResource>,
  ): Awaited<ReturnType<typeof plan>> => {
    const { urn } = resourceOf(of, name);
    return { ...of, resources: of.resources.map((one) => (one.urn === urn ? { ...one, ...change(one) } : one)) };
  };

  it.each(ALL.slice(1))('notices when %s waits for nothing', async (name) => {
    expect(dangers(withOne(await plan(IDENTITY), name, () => ({ dependencies: [] })))).not.toEqual([]);
  });

  it('notices rights that stay while the refusal is replaced', async () => {
    const made = await plan(IDENTITY);
    expect(dangers(withOne(made, ROLE_BINDING, () => ({ propertyDependencies: {} })))).toEqual([
      `${ROLE_BINDING} stays when ${POLICY} is replaced`,
      `${ROLE_BINDING} stays when ${POLICY_BINDING} is replaced`,
    ]);
    expect(dangers({ ...made, replaceOnChanges: new Map() })).toHaveLength(1);
  });

  it.each(ALL)('notices when %s would outlive what removes it', async (name) => {
    const made = await plan(IDENTITY);
    expect(dangers(withOne(made, name, () => ({ deleteBeforeReplace: false })))).toEqual([`${name} would stand beside itself`]);
    expect(dangers(withOne(made, name, () => ({ retainOnDelete: true })))).toEqual([`${name} stays in the cluster`]);
  });

  it('shows in a preview what does not depend on an identity that is still to be made', async () => {
    const made = await plan(unknown());
    expect(dangers(made)).toEqual([]);
    expect(resourceOf(made, POLICY).inputs['spec']).toMatchObject({ failurePolicy: 'Fail', matchConditions: COMPUTED });
    expect(resourceOf(made, ROLE_BINDING).inputs).toMatchObject({ roleRef: { name: NAME }, subjects: COMPUTED });
  });

  it('is refused, in words, for what is not an object id', () => {
    // Outside of a program: Pulumi's own promises about a program that fails would be left behind.
    expect(() => checkedIdentity('id-of-the-pipeline')).toThrow(
      "The identity of dry runs is 'id-of-the-pipeline', which is not an object id: 32 hexadecimal digits",
    );
  });
});
