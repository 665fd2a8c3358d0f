import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { AZURE_CONTROLLERS, FLUX_NAMESPACE, type IdentityRole } from '../manifests/builders';
import { AZURE_CLOUDS, azureKmsAddress, federatedCredentialName } from '../src/model';
import { ContainerRegistry } from './azure/container-registry';
import { ExistingResources } from './azure/existing-resources';
import { parseResourceId } from './azure/resource-id';
import { RoleAssignments } from './azure/role-assignments';
import { SigningKeys } from './azure/signing-keys';
import { SigningVault } from './azure/signing-vault';
import { WorkloadIdentity, type FederatedServiceAccount } from './azure/workload-identity';
import { findCluster, type ExistingCluster } from './cluster/existing-cluster';
import { DryRunAccess } from './components/dry-run-access';
import { Flux } from './components/flux';
import { RegistryAccess } from './components/registry-access';
import { tellWhatIsOpen, tellWhatToRequest } from './open-points';
import { MirroredImages } from './components/mirrored-images';
import { accessTo, dryRunPrincipal } from './pipeline-access';
import { registryConfigFile } from './registry-config';
import { type StackContext, type StackProgram } from './stack-program';

/** A registry that the stack uses. */
interface UsedRegistry {
  readonly resourceId: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;
  /** What has to be there before it can be used. */
  readonly ready: readonly pulumi.Resource[];
  /** Whether this stack says who may use it. */
  readonly owned: boolean;
}

/** The keys that sign, where this environment has its own. */
interface OwnKeys {
  readonly vault: { readonly resourceId: pulumi.Output<string>; readonly uri: pulumi.Output<string> };
  readonly keys: SigningKeys;
}

/**
 * The program of an environment's stack.
 *
 * In the order of what needs what: registry, Key Vault with its keys, identities and roles; the mirrored images; the Flux Operator; the
 * FluxInstance. One `pulumi up` on an empty resource group goes through all of it.
 */
export const environmentStack: StackProgram = async (context) => {
  const { platform, environment, settings, effects } = context;
  const existing = new ExistingResources(settings, effects);
  const roles = new RoleAssignments({ mode: settings.roleAssignments });
  const cluster = await findCluster(context, existing.invokeOptions(settings.cluster.subscriptionId));
  const identities = await workloadIdentities(context, cluster, existing);
  const registry = await usedRegistry(context, existing);
  const ownKeys = await signingKeys(context, existing, roles);
  const access = registry.owned
    ? new RegistryAccess('registry-access', {
        ...context,
        registryId: registry.resourceId,
        cluster,
        reader: identities.reader,
        access: accessTo('registry', platform, environment, settings),
        roles,
      })
    : undefined;

  const registryConfig = signIn(context, registry);
  const images = new MirroredImages('mirrored-images', {
    platform,
    environment,
    dockerConfig: registryConfig.folder,
    ready: [...registry.ready, ...(access?.push ?? []), ...(ownKeys?.keys.ready ?? [])],
    ...(ownKeys === undefined || environment.outputs?.signingKeys !== undefined ? {} : { keyId: ownKeys.keys.keys.platform.id }),
  });
  const provider = new Provider('cluster', {
    kubeconfig: pulumi.secret(cluster.kubeconfig),
    ...(cluster.context === undefined ? {} : { context: cluster.context }),
    // Only another cluster is another cluster: a new certificate or way to sign in changes nothing on it.
    clusterIdentifier: cluster.resourceId,
    helmReleaseSettings: { registryConfigPath: registryConfig.file },
  });
  const flux = new Flux('flux', {
    platform,
    environment,
    // Known once the images are there: Helm reads the chart in a preview already when it knows which.
    chartRegistry: pulumi.all([registry.loginServer, images.release.stdout]).apply(([host]) => host),
    identities,
    operatorReady: [images.release, ...(access?.pull ?? [])],
    syncReady: Object.values(identities).flatMap(({ credentials }) => credentials),
    provider,
  });
  const dryRunner = dryRunPrincipal(environment);
  if (dryRunner !== undefined) {
    new DryRunAccess('dry-run', { principalId: dryRunner, namespaceReady: flux.namespaceReady, provider });
  }
  tellWhatIsOpen(context, { registry: registry.owned, signingKeys: ownKeys !== undefined });
  tellWhatToRequest(context, identities, roles);
  return outputs(cluster, identities, registry, ownKeys, roles);
};

async function workloadIdentities(
  { platform, environment, settings }: StackContext,
  { oidcIssuerUrl }: ExistingCluster,
  existing: ExistingResources,
): Promise<Partial<Record<IdentityRole, WorkloadIdentity>>> {
  const identities: Partial<Record<IdentityRole, WorkloadIdentity>> = {};
  for (const role of ['reader', 'writer'] as const) {
    const serviceAccounts = [...AZURE_CONTROLLERS]
      .filter(([controller, as]) => as === role && platform.flux.components.includes(controller))
      .map(([name]): FederatedServiceAccount => ({
        name,
        namespace: FLUX_NAMESPACE,
        credentialName: federatedCredentialName(environment.names, name),
      }));
    if (serviceAccounts.length === 0) continue;
    const id = settings.existing[`${role}Identity`];
    identities[role] = new WorkloadIdentity(`${role}-identity`, {
      identity: id === undefined ? { ...settings, name: environment.names[`${role}Identity`] } : parseResourceId(id),
      serviceAccounts,
      oidcIssuerUrl,
      settings,
      ...(id === undefined ? {} : { existing: await existing.identity(id) }),
    });
  }
  return identities;
}

async function usedRegistry(context: StackContext, existing: ExistingResources): Promise<UsedRegistry> {
  const { environment, settings } = context;
  const { name, sharedWith } = environment.registry;
  if (sharedWith !== undefined) {
    const recorded = recordedRegistry(context, sharedWith);
    return {
      resourceId: recorded.apply(({ resourceId }) => resourceId),
      loginServer: recorded.apply(({ loginServer }) => loginServer),
      ready: [],
      owned: false,
    };
  }
  const id = settings.existing.registry;
  if (id !== undefined) {
    const { resourceId, loginServer } = await existing.registry(id);
    return { resourceId: pulumi.output(resourceId), loginServer: pulumi.output(loginServer), ready: [], owned: true };
  }
  const { registryDnsZone: dnsZone } = AZURE_CLOUDS[settings.cloud];
  const registry = new ContainerRegistry('registry', { name, settings, dnsZone });
  return {
    resourceId: registry.resourceId,
    loginServer: registry.loginServer,
    ready: registry.ready,
    owned: true,
  };
}

async function signingKeys(
  context: StackContext,
  existing: ExistingResources,
  roles: RoleAssignments,
): Promise<OwnKeys | undefined> {
  const { platform, environment, settings } = context;
  const { name, sharedWith } = environment.vault;
  if (sharedWith !== undefined) return undefined;
  const id = settings.existing.vault;
  const { vaultDnsZone: dnsZone } = AZURE_CLOUDS[settings.cloud];
  const vault =
    id === undefined
      ? new SigningVault('vault', { name, tenantId: platform.tenantId, settings, dnsZone })
      : await existing.vault(id);
  const keys = new SigningKeys(
    'signing-keys',
    {
      vaultId: vault.resourceId,
      vaultReady: vault instanceof SigningVault ? vault.ready : [],
      vault: id === undefined ? { ...settings, name } : parseResourceId(id),
      names: environment.names,
      settings,
      access: accessTo('vault', platform, environment, settings),
      keyAddress: (key) => azureKmsAddress(key)!,
      roles,
      ...(settings.existing.signingKeys === undefined ? {} : { existing: settings.existing.signingKeys }),
    },
    id === undefined ? {} : existing.componentOptions(parseResourceId(id).subscriptionId),
  );
  return { vault: { resourceId: pulumi.output(vault.resourceId), uri: pulumi.output(vault.uri) }, keys };
}

/** What the owner of a shared registry recorded; before that a preview knows nothing of it, and an `up` has stopped already. */
function recordedRegistry(
  { platform }: StackContext,
  owner: string,
): pulumi.Output<{ readonly resourceId: string; readonly loginServer: string }> {
  const recorded = platform.environments.find(({ name }) => name === owner)?.outputs?.registry;
  return pulumi.output(recorded ?? (pulumi.unknown as unknown as { readonly resourceId: string; readonly loginServer: string }));
}

/** Signs in to the registry as soon as it is known to be there. */
function signIn(
  { environment, settings, effects }: StackContext,
  { loginServer, resourceId }: UsedRegistry,
): { readonly folder: pulumi.Output<string>; readonly file: pulumi.Output<string> } {
  const { folder, file } = registryConfigFile(environment, settings);
  const signedIn = pulumi.all([loginServer, resourceId]).apply(async ([host, id]) => {
    const { subscriptionId } = parseResourceId(id);
    await effects.signInToRegistry({ name: environment.registry.name, loginServer: host, subscriptionId });
    return host;
  });
  return { folder: signedIn.apply(() => folder), file: signedIn.apply(() => file) };
}

function outputs(
  { resourceId, oidcIssuerUrl, kubeletPrincipalId }: ExistingCluster,
  identities: Readonly<Partial<Record<IdentityRole, WorkloadIdentity>>>,
  registry: UsedRegistry,
  ownKeys: OwnKeys | undefined,
  roles: RoleAssignments,
): Record<string, unknown> {
  const identity = ({ clientId, principalId, resourceId: id }: WorkloadIdentity): object => ({
    clientId,
    principalId,
    resourceId: id,
  });
  const { reader, writer } = identities;
  const federatedCredentials = [reader, writer].flatMap((one) => one?.requested ?? []);
  return {
    cluster: { resourceId, oidcIssuerUrl, kubeletPrincipalId },
    identities: {
      ...(reader === undefined ? {} : { reader: identity(reader) }),
      ...(writer === undefined ? {} : { writer: identity(writer) }),
    },
    ...(registry.owned ? { registry: { resourceId: registry.resourceId, loginServer: registry.loginServer } } : {}),
    ...(ownKeys === undefined ? {} : { vault: ownKeys.vault, signingKeys: ownKeys.keys.keys }),
    ...(roles.requested.length === 0 ? {} : { roleAssignmentsToRequest: roles.requested }),
    ...(federatedCredentials.length === 0 ? {} : { federatedCredentialsToRequest: federatedCredentials }),
  };
}
