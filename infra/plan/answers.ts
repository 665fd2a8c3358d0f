import { OUTPUTS_FOLDER, type Environment, type OutputsFile } from '../../src/model';
import { resourceId } from '../azure/resource-id';
import { type StackContext } from '../stack-program';
import { type Answers, type KnownResource } from './plan-monitor';
import { type PlanObject } from './plan-value';

/** How a plan says that an answer is made up. */
export const EXAMPLE_VALUES = 'example values';

/**
 * The answers of an offline plan: what an earlier `pulumi up` recorded in `outputs/<environment>.yaml`, and otherwise example values whose
 * every host ends in `.example` (a name that nobody can own, RFC 2606) and whose every object id begins with zeros.
 */
export function recordedAnswers(context: Omit<StackContext, 'effects'>): Answers {
  const { environment } = context;
  return {
    known: ({ type, name, inputs }) =>
      environment.outputs === undefined ? undefined : knownResource(type, name, inputs, environment.outputs),
    lookUp: (token, args) => {
      const answer = LOOK_UPS[token];
      if (answer === undefined) throw new Error(`An offline plan has no answer for the look-up ${token}.`);
      return answer(context, args);
    },
  };
}

/** What the outputs record of a resource that the stack makes. */
function knownResource(type: string, name: string, inputs: PlanObject, outputs: OutputsFile): KnownResource | undefined {
  const { identities, registry, vault, signingKeys } = outputs;
  const first = (key: 'platform' | 'applications'): { readonly id: string; readonly publicKey: string } | undefined =>
    signingKeys?.[key].at(-1);
  switch (`${type} ${name}`) {
    case 'azure-native:containerregistry:Registry registry':
      return registry && { id: registry.resourceId, outputs: { loginServer: registry.loginServer } };
    case 'azure-native:keyvault:Vault vault':
      return vault && { id: vault.resourceId, outputs: { properties: { vaultUri: vault.uri } } };
    case 'azure-native:managedidentity:UserAssignedIdentity reader-identity':
      return knownIdentity(identities.reader);
    case 'azure-native:managedidentity:UserAssignedIdentity writer-identity':
      return identities.writer && knownIdentity(identities.writer);
    case 'azure-native:keyvault:Key key-platform':
      return knownKey(first('platform'));
    case 'azure-native:keyvault:Key key-applications':
      return knownKey(first('applications'));
    case 'command:local:Command mirrored-images':
      // It went through, or there would be nothing recorded.
      return { outputs: { stdout: '' } };
    case 'command:local:Command public-key-platform':
      return knownPublicKey(first('platform'));
    case 'command:local:Command public-key-applications':
      return knownPublicKey(first('applications'));
    case 'azure-native:keyvault:Secret public-key-platform':
    case 'azure-native:keyvault:Secret public-key-applications':
      return { outputs: { name: inputs['secretName'] } };
    default:
      return undefined;
  }
}

type Identity = OutputsFile['identities']['reader'];
const knownIdentity = ({ resourceId: id, clientId, principalId }: Identity): KnownResource => ({
  id,
  outputs: { clientId, principalId },
});

/** The resource is the version that the stack made first; later ones came by rotation. */
function knownKey(key: { readonly id: string } | undefined): KnownResource | undefined {
  return key && { outputs: { keyUriWithVersion: key.id, name: key.id.split('/')[4] } };
}

const knownPublicKey = (key: { readonly publicKey: string } | undefined): KnownResource | undefined =>
  key && { outputs: { stdout: key.publicKey } };

type Answer = (context: Omit<StackContext, 'effects'>, args: PlanObject) => ReturnType<Answers['lookUp']>;

/** The functions of azure-native that the programs use. */
const LOOK_UPS: Readonly<Record<string, Answer>> = {
  'azure-native:containerservice:getManagedCluster': ({ environment, settings }) => {
    const { cluster, outputs } = environment;
    const recorded = outputs?.cluster;
    return {
      answeredBy: sourceOf(environment, recorded !== undefined),
      result: {
        id:
          recorded?.resourceId ??
          resourceId(
            settings.cluster.subscriptionId,
            cluster.resourceGroup,
            'Microsoft.ContainerService/managedClusters',
            cluster.name,
          ),
        name: cluster.name,
        oidcIssuerProfile: { enabled: true, issuerURL: recorded?.oidcIssuerUrl ?? `https://oidc.${cluster.name}.example/` },
        securityProfile: { workloadIdentity: { enabled: true } },
        aadProfile: { managed: true },
        identityProfile: {
          kubeletidentity: { objectId: recorded?.kubeletPrincipalId ?? '00000000-0000-4000-8000-000000000001' },
        },
      },
    };
  },
  'azure-native:containerservice:listManagedClusterUserCredentials': ({ environment }) => {
    const cluster = { server: `https://${environment.cluster.name}.example:443`, 'certificate-authority-data': 'ZXhhbXBsZQ==' };
    const kubeconfig = JSON.stringify({ clusters: [{ name: environment.cluster.name, cluster }] });
    const value = Buffer.from(kubeconfig).toString('base64');
    return { answeredBy: EXAMPLE_VALUES, result: { kubeconfigs: [{ name: 'clusterUser', value }] } };
  },
  'azure-native:containerregistry:getRegistry': ({ environment, settings }) => ({
    answeredBy: sourceOf(environment, environment.outputs?.registry !== undefined),
    result: {
      id: settings.existing.registry!,
      loginServer: environment.registry.loginServer,
      adminUserEnabled: false,
      anonymousPullEnabled: false,
    },
  }),
  'azure-native:keyvault:getVault': ({ environment, settings }) => ({
    answeredBy: sourceOf(environment, environment.outputs?.vault !== undefined),
    result: {
      id: settings.existing.vault!,
      properties: {
        enableRbacAuthorization: true,
        vaultUri: environment.outputs?.vault?.uri ?? `https://${environment.vault.name}.vault.example/`,
      },
    },
  }),
  'azure-native:managedidentity:getUserAssignedIdentity': ({ environment, settings }, { resourceName }) => {
    const role = settings.existing.readerIdentity?.split('/').at(-1) === resourceName ? 'reader' : 'writer';
    const recorded = environment.outputs?.identities[role];
    const example = role === 'reader' ? 1 : 2;
    return {
      answeredBy: sourceOf(environment, recorded !== undefined),
      result: {
        id: settings.existing[`${role}Identity`]!,
        clientId: recorded?.clientId ?? `00000000-0000-4000-8000-00000000001${example}`,
        principalId: recorded?.principalId ?? `00000000-0000-4000-8000-00000000002${example}`,
      },
    };
  },
};

const sourceOf = ({ name }: Environment, recorded: boolean): string =>
  recorded ? `${OUTPUTS_FOLDER}/${name}.yaml` : EXAMPLE_VALUES;
