import { CONNECTION_KINDS, CONNECTION_NAMES, ORGANIZATION_STACK, outputsPath, type Organization } from '../../src/model';
import { identityKey } from '../azure-devops/connection-key';
import { EXAMPLE_VALUES } from './answers';
import { type Answers, type KnownResource } from './plan-monitor';
import { type PlanObject } from './plan-value';

/** The answers of an offline plan of the stack `organization`: what it recorded, and otherwise example values. */
export function organizationAnswers({ outputs, azureDevOps }: Organization): Answers {
  const source = outputs === undefined ? EXAMPLE_VALUES : outputsPath(ORGANIZATION_STACK);
  return {
    known: ({ type, name }) =>
      type === 'azure-native:managedidentity:UserAssignedIdentity' ? knownIdentity(outputs, name) : undefined,
    lookUp: (token, args) => {
      const given = (key: string): string => args[key] as string;
      switch (token) {
        case 'azuredevops:index/getProject:getProject': {
          const isHome = given('name').toLowerCase() === azureDevOps.project.toLowerCase();
          return isHome
            ? { answeredBy: source, result: { id: outputs?.azureDevOps.projectId ?? exampleId(1), name: given('name') } }
            : { answeredBy: EXAMPLE_VALUES, result: { id: exampleId(2), name: given('name') } };
        }
        case 'azuredevops:index/getGitRepository:getGitRepository':
          return { answeredBy: source, result: { id: outputs?.azureDevOps.repositoryId ?? exampleId(3), name: given('name') } };
        case 'azuredevops:index/getGroup:getGroup':
          return {
            answeredBy: EXAMPLE_VALUES,
            result: {
              id: exampleDescriptor(args),
              descriptor: exampleDescriptor(args),
              groupId: exampleId(4),
              name: given('name'),
            },
          };
        case 'azuredevops:index/getAgentQueue:getAgentQueue':
          return { answeredBy: EXAMPLE_VALUES, result: { id: '1', name: given('name') } };
        default:
          throw new Error(`An offline plan has no answer for the look-up ${token}.`);
      }
    },
  };
}

const exampleId = (number: number): string => `00000000-0000-4000-8000-0000000000${String(number).padStart(2, '0')}`;

const exampleDescriptor = ({ name }: PlanObject): string =>
  `vssgp.example.${(name as string).toLowerCase().replaceAll(' ', '-')}`;

/** What is recorded of the identity of a service connection, by its logical name. */
function knownIdentity(outputs: Organization['outputs'], name: string): KnownResource | undefined {
  for (const [environment, identities] of Object.entries(outputs?.pipelines ?? {})) {
    for (const kind of CONNECTION_KINDS) {
      const identity = identities[CONNECTION_NAMES[kind].output];
      if (identity === undefined || identityKey({ kind, environment: { name: environment } }) !== name) continue;
      const { clientId, principalId, resourceId } = identity;
      return { id: resourceId, outputs: { clientId, principalId } };
    }
  }
  return undefined;
}
