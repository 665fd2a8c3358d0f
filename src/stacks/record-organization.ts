import {
  ORGANIZATION_STACK,
  organizationStackOutputs,
  outputsPath,
  type Environment,
  type OrganizationOutputsFile,
  type Platform,
} from '../model';
import { rotates, type KeyRotation } from './record-keys';
import { type RecordedStack } from './record-kind';
import { outputsText } from './record-text';

type Pipelines = OrganizationOutputsFile['pipelines'];

const OPTION = `--stack ${ORGANIZATION_STACK}`;
const FILE = outputsPath(ORGANIZATION_STACK);

/** The stack of the Azure DevOps side. All of its file comes from the stack, so that nothing of what is recorded has to be kept. */
export function organizationStack(
  { environments }: Platform,
  rotation: KeyRotation = {},
): RecordedStack<typeof organizationStackOutputs> | { readonly usage: string } {
  if (rotates(rotation)) {
    return {
      usage: `the stack '${ORGANIZATION_STACK}' has no signing keys. Give '--sign-with', '--add-key' and '--retire-key' with the environment whose keys they are`,
    };
  }
  return {
    name: ORGANIZATION_STACK,
    option: OPTION,
    printed: { schema: organizationStackOutputs, of: `the stack '${ORGANIZATION_STACK}'` },
    takeUp: () => (found) => {
      const { azureDevOps, pipelines } = found.outputs;
      return Promise.resolve({
        text: outputsText({ option: OPTION, schema: 'organization-outputs' }, { azureDevOps, pipelines: sorted(pipelines) }),
        whenWritten: [`Run \`npm start\`, commit ${FILE}, and open a pull request.`, ...readySteps(environments, pipelines)],
        open: [...waitingSteps(environments, pipelines), ...formerSteps(environments, pipelines)],
      });
    },
  };
}

/** By name: the order of a stack is nobody's, and that of promotion may change while the facts do not. */
function sorted(pipelines: Pipelines): Pipelines {
  return Object.fromEntries(Object.entries(pipelines).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const hasPipelines = ({ name }: Environment, pipelines: Pipelines): boolean => Object.hasOwn(pipelines, name);

const lacksDryRun = (environment: Environment, pipelines: Pipelines): boolean =>
  environment.dryRun === 'cluster' && hasPipelines(environment, pipelines) && pipelines[environment.name]!.dryRun === undefined;

/** The environments whose `pulumi up` knows every identity that it lets in: its own pipelines', and those of who shares what it owns. */
function readySteps(environments: readonly Environment[], pipelines: Pipelines): readonly string[] {
  const isKnown = (environment: Environment): boolean =>
    hasPipelines(environment, pipelines) && !lacksDryRun(environment, pipelines);
  const ready = environments.filter(({ name }) =>
    environments.filter((user) => [user.name, user.registry.sharedWith, user.vault.sharedWith].includes(name)).every(isKnown),
  );
  if (ready.length === 0) return [];
  return [`\`pulumi up\` of ${namesOf(ready)} can go on: the identities of the pipelines that it lets in are recorded.`];
}

/** What platform.yaml has and the stack does not yet. */
function waitingSteps(environments: readonly Environment[], pipelines: Pipelines): readonly string[] {
  const up = (what: readonly Environment[], why: string): readonly string[] =>
    what.length === 0 ? [] : [`Run \`pulumi up ${OPTION}\` for ${namesOf(what)}, ${why}; then record again.`];
  return [
    ...up(
      environments.filter((environment) => !hasPipelines(environment, pipelines)),
      'of which the stack has no identities of pipelines yet',
    ),
    ...up(
      environments.filter((environment) => lacksDryRun(environment, pipelines)),
      "where 'dryRun: cluster' needs an identity that the stack does not have yet",
    ),
  ];
}

/** What the stack has and platform.yaml no longer. */
function formerSteps(environments: readonly Environment[], pipelines: Pipelines): readonly string[] {
  return Object.keys(pipelines)
    .filter((former) => environments.every(({ name }) => name !== former))
    .sort()
    .map(
      (former) =>
        `'${former}' is no environment any more: \`pulumi up ${OPTION}\` removes the identities of its pipelines; then record again.`,
    );
}

const namesOf = (environments: readonly Environment[]): string => environments.map(({ name }) => name).join(', ');
