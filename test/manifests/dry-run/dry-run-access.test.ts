import * as fs from 'node:fs';
import * as path from 'node:path';
import { Environment } from '@marcbachmann/cel-js';
import { stringify } from 'yaml';
import { synthesize } from '../../../manifests';
import { dryRunAccessObjects } from '../../../manifests/dry-run';
import { formatProblem } from '../../../src/model';
import { validate } from '../../../src/validation';
import { loadPlatform } from '../../support/load-platform';
import { FIXTURES, platformFolder, wholePlatformFolder, writeFile } from '../../support/platform-folder';

const IDENTITY = '0a1b2c3d-1111-4222-8333-4444abcdef00';
const NAME = 'k8s-gitops-dry-run';
const LABELS = { 'app.kubernetes.io/managed-by': 'k8s-gitops' };

type Objects = ReturnType<typeof dryRunAccessObjects>;
type OneObject = Objects[keyof Objects];
/** A change that takes something away; it is given a copy. */
type Mutation = (objects: Mutable<Objects>) => void;
type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] extends object ? Mutable<Value[Key]> : Value[Key] };

const objects = (): Objects => dryRunAccessObjects({ principalId: IDENTITY });
const inOrder = (of: Objects): readonly OneObject[] => Object.values(of as unknown as Record<string, OneObject>);
function mutated(mutation: Mutation): Objects {
  const copy = structuredClone(objects()) as Mutable<Objects>;
  mutation(copy);
  return copy;
}

/** A request as the API server shows it to a policy, cut down to what may matter. */
interface Request {
  readonly operation: string;
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly userInfo: { readonly username?: string };
  readonly dryRun?: boolean;
}

const request = (username: string | undefined, operation: string, dryRun?: boolean, resource = 'kustomizations'): Request => ({
  operation,
  resource: { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', resource },
  userInfo: username === undefined ? {} : { username },
  ...(dryRun === undefined ? {} : { dryRun }),
});

const cel = new Environment({ unlistedVariablesAreDyn: true });
const evaluate = (expression: string, context: { readonly request: Request }): unknown => cel.parse(expression)({ ...context });

/** What the API server does with a request, by the rules of Kubernetes' documentation: every binding with `Deny` denies. */
function verdict({ policy, policyBinding }: Objects, sent: Request): string {
  const { failurePolicy, matchConstraints, matchConditions, validations } = policy.spec;
  if (policyBinding.spec.policyName !== policy.metadata.name) return 'admitted: no binding';
  if (!policyBinding.spec.validationActions.includes('Deny')) return 'admitted: not enforced';
  const matches = matchConstraints.resourceRules.some(({ apiGroups, apiVersions, operations, resources }) => {
    const one = (items: readonly string[], item: string): boolean => items.includes('*') || items.includes(item);
    const sub = sent.subResource ?? '';
    return (
      one(apiGroups, sent.resource.group) &&
      one(apiVersions, sent.resource.version) &&
      one(operations, sent.operation) &&
      resources.some((rule) => {
        const [resource, subresource = ''] = rule.split('/');
        return one([resource!], sent.resource.resource) && (subresource === '*' || subresource === sub);
      })
    );
  });
  if (!matches) return 'admitted: not matched';
  try {
    if (!matchConditions.every(({ expression }) => evaluate(expression, { request: sent }) === true)) return 'admitted';
    const failed = validations.find(({ expression }) => evaluate(expression, { request: sent }) !== true);
    return failed === undefined
      ? 'admitted'
      : `${failed.reason}: ${String(evaluate(failed.messageExpression, { request: sent }))}`;
  } catch (error) {
    return failurePolicy === ('Fail' as string) ? `error: ${(error as Error).message}` : 'admitted: failed open';
  }
}

/** Requests of the identity that have to be refused, and requests that have to be let through. */
const REFUSED: readonly (readonly [string, Request])[] = [
  ['CREATE', request(IDENTITY, 'CREATE', false)],
  ['UPDATE', request(IDENTITY, 'UPDATE', false)],
  ['DELETE', request(IDENTITY, 'DELETE', false)],
  ['a request that does not say', request(IDENTITY, 'UPDATE')],
  ['CONNECT (exec)', { ...request(IDENTITY, 'CONNECT', false, 'pods'), subResource: 'exec' }],
  ['a subresource', { ...request(IDENTITY, 'UPDATE', false), subResource: 'status' }],
  ['a token', { ...request(IDENTITY, 'CREATE', false, 'serviceaccounts'), subResource: 'token' }],
  ['another group', { ...request(IDENTITY, 'CREATE', false), resource: { group: '', version: 'v1', resource: 'secrets' } }],
  [
    'another version',
    { ...request(IDENTITY, 'CREATE', false), resource: { group: 'apps', version: 'v2', resource: 'deployments' } },
  ],
  ['another letter case', request(IDENTITY.toUpperCase(), 'CREATE', false)],
];
const ADMITTED: readonly (readonly [string, Request])[] = [
  ...['CREATE', 'UPDATE', 'DELETE'].map(
    (operation) => [`its ${operation} as a dry run`, request(IDENTITY, operation, true)] as const,
  ),
  ['its dry run in another letter case', request(IDENTITY.toUpperCase(), 'UPDATE', true)],
  ["somebody else's change", request('44444444-4444-4444-8444-444444444411', 'UPDATE', false)],
  [
    "a service account's exec",
    { ...request('system:serviceaccount:flux-system:x', 'CONNECT', false, 'pods'), subResource: 'exec' },
  ],
  ['a change of somebody whose name contains it', request(`x${IDENTITY}`, 'UPDATE', false)],
  ['a change of somebody without a name', request(undefined, 'UPDATE', false)],
];

/** Every wrong verdict. */
const wrongVerdicts = (of: Objects): readonly string[] => [
  ...REFUSED.filter(([, sent]) => !verdict(of, sent).startsWith('Forbidden: ')).map(
    ([what, sent]) => `${what}: ${verdict(of, sent)}`,
  ),
  ...ADMITTED.filter(([, sent]) => verdict(of, sent) !== 'admitted').map(([what, sent]) => `${what}: ${verdict(of, sent)}`),
];

describe('the refusal of whatever is not a dry run', () => {
  it.each(REFUSED)('refuses the identity %s', (_, sent) => {
    expect(verdict(objects(), sent)).toMatch(/^Forbidden: /);
  });

  it.each(ADMITTED)('lets %s through', (_, sent) => {
    expect(verdict(objects(), sent)).toBe('admitted');
  });

  it('says what was refused, why, and what to do', () => {
    expect(verdict(objects(), request(IDENTITY, 'DELETE', false, 'helmreleases'))).toBe(
      'Forbidden: This identity only tries out manifests of pull requests and may change nothing. ' +
        'This DELETE of helmreleases is not a dry run. Add --dry-run=server, or sign in as somebody who may change the cluster.',
    );
    expect(objects().policy.spec.validations[0]?.message).toBe(
      'This identity only tries out manifests of pull requests and may change nothing. Add --dry-run=server, or sign in as somebody who may change the cluster.',
    );
  });

  const spec = ({ policy }: Mutable<Objects>): Mutable<Objects>['policy']['spec'] => policy.spec;
  const rule = (of: Mutable<Objects>): Record<string, string[]> => spec(of).matchConstraints.resourceRules[0]!;
  it.each<readonly [string, Mutation]>([
    ['no rule', (of) => void spec(of).matchConstraints.resourceRules.pop()],
    ['one group', (of) => void (rule(of)['apiGroups'] = ['kustomize.toolkit.fluxcd.io'])],
    ['one version', (of) => void (rule(of)['apiVersions'] = ['v1'])],
    ['operations without CONNECT', (of) => void (rule(of)['operations'] = ['CREATE', 'UPDATE', 'DELETE'])],
    ['operations without DELETE', (of) => void (rule(of)['operations'] = ['CREATE', 'UPDATE', 'CONNECT'])],
    ['resources without subresources', (of) => void (rule(of)['resources'] = ['*'])],
    ['no validation', (of) => void spec(of).validations.pop()],
    ['a validation that is always true', (of) => void (spec(of).validations[0]!.expression = 'true')],
    ['a validation that does not ask for presence', (of) => void (spec(of).validations[0]!.expression = 'request.dryRun')],
    [
      'a validation that takes silence for a dry run',
      (of) => void (spec(of).validations[0]!.expression = '!has(request.dryRun) || request.dryRun'),
    ],
    ['another reason', (of) => void (spec(of).validations[0]!.reason = 'Invalid')],
    ['no condition', (of) => void spec(of).matchConditions.pop()],
    ['a condition for another', (of) => void (spec(of).matchConditions[0]!.expression = "request.userInfo.username == 'x'")],
    [
      'a condition that asks every request for a name',
      (of) => void (spec(of).matchConditions[0]!.expression = `request.userInfo.username.lowerAscii() == '${IDENTITY}'`),
    ],
    [
      'a condition that knows one letter case',
      (of) =>
        void (spec(of).matchConditions[0]!.expression =
          `has(request.userInfo.username) && request.userInfo.username == '${IDENTITY}'`),
    ],
    ['a binding of another policy', (of) => void (of.policyBinding.spec.policyName = 'another')],
    ['a binding that only warns', (of) => void (of.policyBinding.spec.validationActions = ['Warn'])],
  ])('notices %s', (_, mutation) => {
    expect(wrongVerdicts(objects())).toEqual([]);
    expect(wrongVerdicts(mutated(mutation))).not.toEqual([]);
  });

  it('stays closed when it fails itself, and is bound to everything', () => {
    expect(objects().policy.spec.failurePolicy).toBe('Fail');
    // Neither namespaces, nor labels, nor resources are excepted; no parameter can be missing.
    expect(Object.keys(objects().policy.spec).sort()).toEqual([
      'failurePolicy',
      'matchConditions',
      'matchConstraints',
      'validations',
    ]);
    expect(Object.keys(objects().policy.spec.matchConstraints)).toEqual(['resourceRules']);
    expect(objects().policyBinding.spec).toEqual({ policyName: NAME, validationActions: ['Deny'] });
  });
});

describe('the rights to dry-run', () => {
  /** By hand, and not from what the code says. */
  const VERBS = ['create', 'get', 'patch'];
  const RIGHTS: Readonly<Record<string, readonly string[]>> = {
    'fluxcd.controlplane.io/fluxinstances': VERBS,
    'source.toolkit.fluxcd.io/gitrepositories': VERBS,
    'source.toolkit.fluxcd.io/ocirepositories': VERBS,
    'kustomize.toolkit.fluxcd.io/kustomizations': VERBS,
    'helm.toolkit.fluxcd.io/helmreleases': VERBS,
  };
  const rightsOf = ({ role }: Objects): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      role.rules.flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) => resources.map((resource) => [`${group}/${resource}`, [...verbs].sort()] as const)),
      ),
    );

  it('are those that were written down by hand', () => {
    expect(rightsOf(objects())).toEqual(RIGHTS);
    for (const rule of objects().role.rules) expect(Object.keys(rule).sort()).toEqual(['apiGroups', 'resources', 'verbs']);
    // An aggregated role gets the rules of others.
    expect(Object.keys(objects().role).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'rules']);
  });

  it('hold no wildcard, no secret, nothing that gives rights, and nothing of admission', () => {
    const words = JSON.stringify(objects().role.rules);
    for (const word of [
      ...['"*"', '/*', 'secrets', 'configmaps', 'token', 'exec', 'proxy', 'portforward', 'impersonate', 'escalate', 'bind'],
      ...[
        'admissionregistration',
        'rbac.authorization',
        'certificates',
        'serviceaccounts',
        '"pods"',
        '""',
        'delete',
        '"update"',
        'watch',
      ],
    ]) {
      expect(words).not.toContain(word);
    }
  });

  it.each<readonly [string, Mutation]>([
    ['another verb', ({ role }) => void role.rules[0]!.verbs.push('delete')],
    ['a missing verb', ({ role }) => void role.rules[0]!.verbs.pop()],
    ['another resource', ({ role }) => void role.rules[1]!.resources.push('buckets')],
    ['a missing resource', ({ role }) => void role.rules[1]!.resources.pop()],
    ['another group', ({ role }) => void role.rules[0]!.apiGroups.push('')],
    ['a missing rule', ({ role }) => void role.rules.pop()],
    ['another rule', ({ role }) => void role.rules.push({ apiGroups: [''], resources: ['secrets'], verbs: ['patch'] })],
  ])('notice %s', (_, mutation) => {
    expect(rightsOf(mutated(mutation))).not.toEqual(RIGHTS);
  });

  it('go to the identity alone, in the namespace of Flux alone', () => {
    expect(objects().roleBinding).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: NAME, namespace: 'flux-system', labels: LABELS },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: IDENTITY }],
    });
  });

  /** `group/resource namespace` of every object that synthesis writes for a platform. */
  const PLURALS: Readonly<Record<string, string>> = {
    FluxInstance: 'fluxinstances',
    GitRepository: 'gitrepositories',
    OCIRepository: 'ocirepositories',
    Kustomization: 'kustomizations',
    HelmRelease: 'helmreleases',
  };
  const synthesized = (folder: string): readonly string[] =>
    synthesize(loadPlatform(folder)).flatMap(({ files }) =>
      files.flatMap(({ content }) =>
        [...content.matchAll(/^apiVersion: (\S+)\/\S+\nkind: (\S+)\nmetadata:\n(?: .*\n)*? {2}namespace: (\S+)$/gm)].map(
          ([, group, kind, namespace]) => `${group!}/${PLURALS[kind!] ?? kind!} ${namespace!}`,
        ),
      ),
    );

  it('are enough for whatever synthesis writes, and for nothing besides', () => {
    const fixtures = fs.readdirSync(path.join(FIXTURES, 'valid')).map((name) => platformFolder(`valid/${name}`));
    const written = [wholePlatformFolder('classic'), platformFolder(), ...fixtures].flatMap(synthesized);
    expect([...new Set(written)].sort()).toEqual(
      Object.keys(RIGHTS)
        .map((right) => `${right} flux-system`)
        .sort(),
    );
  });
});

describe('the objects of a dry run', () => {
  it('come in the order in which no right is without its refusal', () => {
    expect(inOrder(objects()).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      `ValidatingAdmissionPolicy ${NAME}`,
      `ValidatingAdmissionPolicyBinding ${NAME}`,
      `ClusterRole ${NAME}`,
      `RoleBinding ${NAME}`,
    ]);
    for (const { metadata } of inOrder(objects())) expect(metadata.labels).toEqual(LABELS);
  });

  /** The problems that `validate` finds in these objects beside those that the folder has anyway. */
  function problems(of: readonly unknown[]): readonly string[] {
    const folder = platformFolder();
    const before = new Set(validate(loadPlatform(folder)).problems.map(formatProblem));
    writeFile(folder, 'clusters/dev/dry-run.yaml', of.map((object) => stringify(object)).join('---\n'));
    return validate(loadPlatform(folder))
      .problems.map(formatProblem)
      .filter((problem) => !before.has(problem));
  }

  it('are valid by the schemas of Kubernetes', () => {
    expect(problems(inOrder(objects()))).toEqual([]);
  });

  it.each<readonly [string, Mutation]>([
    ['the policy', ({ policy }) => void Object.assign(policy.spec, { validation: [] })],
    ['the binding of the policy', ({ policyBinding }) => void Object.assign(policyBinding.spec, { validationActions: 'Deny' })],
    ['the role', ({ role }) => void Object.assign(role.rules[0]!, { verbs: undefined })],
    ['the binding of the role', ({ roleBinding }) => void Object.assign(roleBinding, { roleRef: undefined })],
  ])('are really checked: a broken field of %s is found', (_, mutation) => {
    expect(problems(inOrder(mutated(mutation)))).not.toEqual([]);
  });

  it('write an object id in small letters, as Microsoft Entra ID does', () => {
    expect(dryRunAccessObjects({ principalId: IDENTITY.toUpperCase() })).toEqual(objects());
  });

  it.each(['', 'me', `${IDENTITY}\n`, `${IDENTITY}' || true || '`, '00000000-0000-0000-0000-000000000000'])(
    'are not made for %j, which is no object id',
    (principalId) => {
      expect(() => dryRunAccessObjects({ principalId })).toThrow('is not the object id of an identity');
    },
  );
});
