import { ORGANIZATION_STACK } from '../../../src/model';
import { refersTo } from '../check-targets';
import { denies, untoldPermissions } from '../devops-permissions';
import { type Finding } from '../finding';
import { devOpsName, isObject, sameName, shown, valueAt } from '../known-value';
import { ourRepositories, repositoryOf } from '../our-repository';
import { type PolicyFacts } from '../policy-facts';
import { devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

/** Permissions by which somebody makes another pipeline of one, or gives the right to. */
const DENIED = ['EditBuildDefinition', 'DeleteBuildDefinition', 'AdministerBuildPermissions'];

/** Permissions that nobody is allowed. */
const NEVER = [...DENIED, 'OverrideBuildCheckInValidation'];

/** A pipeline that may use what is protected stays the pipeline that was reviewed. */
export const pipelinesKept = (facts: PolicyFacts): StackRule => ({
  name: 'pipelines-kept',
  description:
    'Every pipeline has a token for its project alone, takes its definition from the production branch of this repository in Azure Repos, ' +
    'and permissions that deny somebody to edit it, delete it and administer its permissions (Azure DevOps: secure your pipelines). ' +
    `Nobody is allowed ${NEVER.join(', ')}. Of ids it is enough to know which resource they come from; who is denied or allowed, a plan does ` +
    'not show.',
  check: ({ name, resources }) => {
    const allowed = resources.flatMap(permissionFaults);
    if (name !== ORGANIZATION_STACK) return allowed;
    const definitions = resources.filter(({ type }) => devOpsClass(type) === 'BuildDefinition');
    const open = definitions.flatMap((definition) => [
      ...settingFaults(definition, resources, facts).map((fault) => ({
        message: `The pipeline '${devOpsName(definition)}' is not kept: ${fault}.`,
        remedy: 'Correct that setting of the BuildDefinition.',
        urn: definition.urn,
      })),
      ...(isKept(definition, resources) ? [] : [notKept(definition)]),
    ]);
    return [...open, ...allowed];
  },
});

/** What is set back is denied no more, and what is told by a number may be any of them. */
function permissionFaults(resource: StackResource): readonly Finding[] {
  const { type, name, props, urn } = resource;
  if (devOpsClass(type) !== 'BuildDefinitionPermissions') return [];
  const permissions = valueAt(props, 'permissions');
  if (!isObject(permissions)) return [untoldPermissions(resource, permissions)];
  return Object.entries(permissions).flatMap(([permission, value]) => {
    const isOne = (one: string): boolean => sameName(permission, one);
    const isUnknown = !/^[A-Za-z]+$/.test(permission);
    const values = DENIED.some(isOne) ? ['Deny'] : ['Deny', 'NotSet'];
    if (!isUnknown && (!NEVER.some(isOne) || values.some((one) => sameName(value, one)))) return [];
    return [
      {
        message: `${permission} is ${shown(value)} in ${name}, and ${isUnknown ? 'is no name of a permission' : `has to be ${values.join(' or ')}`}.`,
        remedy: `Take ${permission} out, or deny what it means by its name.`,
        urn,
      },
    ];
  });
}

function settingFaults(definition: StackResource, resources: readonly StackResource[], facts: PolicyFacts): readonly string[] {
  const { props } = definition;
  const fault = (path: readonly string[], right: string): readonly string[] => {
    const value = valueAt(props, ...path);
    return value === right ? [] : [`${path.join('.')} is ${shown(value)}, and has to be '${right}'`];
  };
  const id = valueAt(props, 'repository', 'repoId');
  const repository = repositoryOf(definition, 'repository', id, resources);
  const isOurs = repository !== undefined && ourRepositories(resources, facts).includes(repository);
  return [
    ...fault(['jobAuthorizationScope'], 'project'),
    ...fault(['repository', 'repoType'], 'TfsGit'),
    ...fault(['repository', 'branchName'], `refs/heads/${facts.productionBranch}`),
    ...(isOurs
      ? []
      : [`repository.repoId is ${shown(id)}, and has to be '${facts.repository}', whose branches have policies here`]),
  ];
}

const isKept = (definition: StackResource, resources: readonly StackResource[]): boolean =>
  resources.some(
    (one) =>
      devOpsClass(one.type) === 'BuildDefinitionPermissions' &&
      refersTo(one, 'buildDefinitionId', definition) &&
      denies(valueAt(one.props, 'permissions'), ...DENIED),
  );

const notKept = (definition: StackResource): Finding => ({
  message: `Whoever works on the code may change the pipeline '${devOpsName(definition)}': nothing denies ${DENIED.join(', ')} for it.`,
  remedy: `Make BuildDefinitionPermissions for it that deny ${DENIED.join(', ')} to those who work on the code.`,
  urn: definition.urn,
});
