import { ORGANIZATION_STACK } from '../../../src/model';
import { type PlanValue } from '../../plan/plan-value';
import { denies, untoldPermissions } from '../devops-permissions';
import { type Finding } from '../finding';
import { isKnownText, isObject, listAt, sameName, shown, valueAt } from '../known-value';
import { everythingIsSeen } from '../filename-patterns';
import { ourRepositories, repositoryOf } from '../our-repository';
import { pipelineFrom } from '../pipeline-authorizations';
import { protectedRefs, type PolicyFacts } from '../policy-facts';
import { devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

/** How many pipelines validate: that of the platform, and that of the systems. */
const PIPELINES = 2;

const MERGE_TYPES = ['allowSquash', 'allowRebaseAndFastForward', 'allowRebaseWithMerge', 'allowBasicNoFastForward'];

/** Permissions by which somebody gets around a policy, or gives the right to: to set them back would take a denial away. */
const WAYS_AROUND = ['policyexempt', 'pullrequestbypasspolicy', 'forcepush', 'editpolicies', 'managepermissions', 'administer'];

/** Permissions that may be allowed: policies hold for who has them. */
const HARMLESS = ['genericread', 'genericcontribute', 'createbranch', 'createtag', 'pullrequestcontribute', 'managenote'];

/** The other permissions. Source: Azure DevOps, Git repositories, namespace and permission reference. */
const OTHERS = [
  'createrepository',
  'deleterepository',
  'renamerepository',
  'removeotherslocks',
  'viewadvsecalerts',
  'dismissadvsecalerts',
  'manageadvsecscanning',
];

/** Permissions that are denied to who works on the code. */
const DENIED = ['PolicyExempt', 'PullRequestBypassPolicy'];

/** What is wrong with the settings of a kind of policy; everything in them is known, for people decide it. */
const KINDS: Readonly<Record<string, (settings: PlanValue | undefined) => string | undefined>> = {
  BranchPolicyMinReviewers: (settings) =>
    wrong(settings, 'reviewerCount', (count) => typeof count === 'number' && count >= 1, 'at least 1') ??
    wrong(settings, 'submitterCanVote', isOff, 'false') ??
    wrong(settings, 'lastPusherCannotApprove', (value) => value === true, 'true') ??
    wrong(settings, 'allowCompletionWithRejectsOrWaits', isOff, 'false') ??
    (['onPushResetAllVotes', 'onPushResetApprovedVotes'].some((field) => valueAt(settings, field) === true)
      ? undefined
      : `onPushResetAllVotes is ${shown(valueAt(settings, 'onPushResetAllVotes'))}, and votes have to be reset on a push`),
  // Azure DevOps lets a success stand when the branch moves on unless all three are said.
  BranchPolicyBuildValidation: (settings) =>
    wrong(settings, 'manualQueueOnly', isOff, 'false') ??
    wrong(settings, 'queueOnSourceUpdateOnly', (value) => value === false, 'false') ??
    wrong(settings, 'validDuration', (value) => value === 0, '0: a success expires when the branch moves on'),
  BranchPolicyCommentResolution: () => undefined,
  BranchPolicyMergeTypes: (settings) =>
    MERGE_TYPES.some((field) => valueAt(settings, field) === true)
      ? undefined
      : `none of ${MERGE_TYPES.join(', ')} is true, so that nothing can be merged`,
};

const isOff = (value: PlanValue | undefined): boolean => value === undefined || value === false;

function wrong(
  settings: PlanValue | undefined,
  field: string,
  isRight: (value: PlanValue | undefined) => boolean,
  rule: string,
): string | undefined {
  const value = valueAt(settings, field);
  return isRight(value) ? undefined : `${field} is ${shown(value)}, and has to be ${rule}`;
}

/** Nothing reaches an environment's branch but by a pull request that somebody else approved and both pipelines validated. */
export const branchesProtected = (facts: PolicyFacts): StackRule => ({
  name: 'branches-protected',
  description:
    'Every environment branch of this repository has policies that are enabled and block: minimum reviewers, build validation by two ' +
    'pipelines of this stack, which together see every file and whose success expires when the branch moves on, comment resolution, allowed ' +
    'merge types; nobody is allowed more than to read, to push and to propose, and for somebody what gets around the policies is denied by ' +
    'name (decision 10). Of ids it is enough to know which resource they come from; who is denied or allowed, a plan does not show.',
  check: ({ name, resources }) => [
    ...resources.flatMap(waysAround),
    ...(name === ORGANIZATION_STACK ? [...checkBranches(resources, facts), ...checkDenied(resources, facts)] : []),
  ],
});

function waysAround(resource: StackResource): readonly Finding[] {
  const { type, name, props, urn } = resource;
  if (devOpsClass(type) !== 'GitPermissions') return [];
  const permissions = valueAt(props, 'permissions');
  if (!isObject(permissions)) return [untoldPermissions(resource, permissions)];
  return Object.entries(permissions).flatMap(([permission, value]) => {
    const fault = permissionFault(permission.toLowerCase(), value);
    return fault === undefined
      ? []
      : [
          {
            message: `${permission} is ${shown(value)} in ${name}, ${fault}.`,
            remedy: `Take ${permission} out, or deny it.`,
            urn,
          },
        ];
  });
}

/** @returns why a permission of this repository may not have a value */
function permissionFault(permission: string, value: PlanValue): string | undefined {
  if (WAYS_AROUND.includes(permission))
    return sameName(value, 'Deny') ? undefined : 'and has to be Deny: it gets around the policies of a branch';
  if (![...HARMLESS, ...OTHERS].includes(permission)) return 'and nobody knows what that allows';
  const values = HARMLESS.includes(permission) ? ['Allow', 'Deny', 'NotSet'] : ['Deny', 'NotSet'];
  return values.some((one) => sameName(value, one)) ? undefined : `and has to be ${values.join(' or ')}`;
}

/** What is not denied, a group that somebody is in may allow them. */
function checkDenied(resources: readonly StackResource[], facts: PolicyFacts): readonly Finding[] {
  const repositories = ourRepositories(resources, facts);
  const isDenial = (resource: StackResource): boolean => {
    const { type, props } = resource;
    if (devOpsClass(type) !== 'GitPermissions' || (valueAt(props, 'branchName') ?? '') !== '') return false;
    const repository = repositoryOf(resource, 'repositoryId', valueAt(props, 'repositoryId'), resources);
    return repository !== undefined && repositories.includes(repository) && denies(valueAt(props, 'permissions'), ...DENIED);
  };
  if (resources.some(isDenial)) return [];
  return [
    {
      message: `Nobody is denied ${DENIED.join(' and ')} in the repository '${facts.repository}', so any group may allow it.`,
      remedy: `Make GitPermissions of the repository (without branchName) that deny ${DENIED.join(' and ')} to those who work on the code.`,
    },
  ];
}

/** A policy as it concerns one branch of one repository. */
interface BranchPolicy {
  readonly resource: StackResource;
  readonly kind: string;
  readonly repository: string;
  readonly ref: string;
  /** @default - it protects */
  readonly fault?: string;
}

function checkBranches(resources: readonly StackResource[], facts: PolicyFacts): readonly Finding[] {
  const all = resources.flatMap((resource) => branchPolicies(resource, resources));
  const repositories = ourRepositories(resources, facts);
  const results = (repositories.length === 0 ? [''] : repositories).map((repository) =>
    protectedRefs(facts).flatMap((ref) =>
      checkBranch(
        ref,
        all.filter((one) => one.repository === repository && one.ref === ref),
      ),
    ),
  );
  // An id that is only a text may be that of any repository: this one is the one whose branches are protected.
  return results.reduce((best, result) => (result.length < best.length ? result : best));
}

/** Every scope of a policy. */
function branchPolicies(resource: StackResource, resources: readonly StackResource[]): readonly BranchPolicy[] {
  const kind = devOpsClass(resource.type) ?? '';
  if (!(kind in KINDS)) return [];
  const settings = valueAt(resource.props, 'settings');
  const fault = faultOf(kind, resource);
  return listAt(settings, 'scopes').flatMap((scope) => {
    const repository = repositoryOf(resource, 'settings', valueAt(scope, 'repositoryId'), resources);
    const ref = valueAt(scope, 'repositoryRef');
    const isExact = sameName(valueAt(scope, 'matchType') ?? 'Exact', 'Exact');
    if (!isExact || !isKnownText(ref) || repository === undefined) return [];
    return [{ resource, kind, repository, ref, ...(fault === undefined ? {} : { fault }) }];
  });
}

/** Both are on when nothing is said. */
function faultOf(kind: string, { props }: StackResource): string | undefined {
  for (const field of ['enabled', 'blocking']) {
    const value = valueAt(props, field) ?? true;
    if (value !== true) return `${field} is ${shown(value)}, and has to be true`;
  }
  return KINDS[kind]!(valueAt(props, 'settings'));
}

function checkBranch(ref: string, policies: readonly BranchPolicy[]): readonly Finding[] {
  const branch = ref.replace('refs/heads/', '');
  const missing: string[] = [];
  const findings: Finding[] = [];
  for (const kind of Object.keys(KINDS)) {
    const ofKind = policies.filter((policy) => policy.kind === kind);
    const good = ofKind.filter(({ fault }) => fault === undefined);
    const needed = kind === 'BranchPolicyBuildValidation' ? PIPELINES : 1;
    const count = needed === 1 ? good.length : new Set(good.flatMap(({ resource }) => pipelineOf(resource) ?? [])).size;
    if (count >= needed) continue;
    const faulty = ofKind.filter(({ fault }) => fault !== undefined);
    findings.push(...faulty.map((policy) => faultFinding(branch, policy)));
    if (count + faulty.length < needed)
      missing.push(needed === 1 ? kind : `${kind} by ${needed} pipelines (there are ${count + faulty.length})`);
  }
  const builds = policies
    .filter(({ kind, fault }) => kind === 'BranchPolicyBuildValidation' && fault === undefined)
    .map(({ resource }) => resource)
    .filter((resource) => pipelineOf(resource) !== undefined);
  if (builds.length >= PIPELINES && !everythingIsSeen(builds))
    findings.push({
      message: `A pull request to '${branch}' may change files that no pipeline validates: the filenamePatterns of every BranchPolicyBuildValidation leave some out.`,
      remedy: "Let one of them see all files (no filenamePatterns, or '*' first) but those that another one sees.",
    });
  if (missing.length > 0)
    findings.push({
      message: `The branch '${branch}' lacks ${missing.join(', ')}.`,
      remedy: `Make these policies with the Exact scope ${ref} of this repository, enabled and blocking.`,
    });
  return findings;
}

const faultFinding = (branch: string, { resource, kind, fault }: BranchPolicy): Finding => ({
  message: `${kind} does not protect '${branch}': ${fault!}.`,
  remedy: 'Correct that setting of the policy.',
  urn: resource.urn,
});

/** The pipeline of a build validation: what a plan does not know may be one that validates nothing. */
const pipelineOf = (validation: StackResource): string | undefined => pipelineFrom(validation, 'settings')?.urn;
