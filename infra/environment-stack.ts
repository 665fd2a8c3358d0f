import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { AZURE_CONTROLLERS, FLUX_NAMESPACE, type IdentityRole } from '../manifests/builders';
import {
  AZURE_CLOUDS,
  azureKmsAddress,
  federatedCredentialName,
  type Environment,
  type Platform,
  type Principal,
  type StackSettings,
} from '../src/model';
import { ContainerRegistry } from './azure/container-registry';
import { credentialRequestText } from './azure/credential-request';
import { ExistingResources } from './azure/existing-resources';
import { parseResourceId } from './azure/resource-id';
import { RoleAssignments } from './azure/role-assignments';
import { requestText } from './azure/role-request';
import { ROLES } from './azure/roles';
import { SigningKeys } from './azure/signing-keys';
import { SigningVault } from './azure/signing-vault';
import { WorkloadIdentity, type FederatedServiceAccount } from './azure/workload-identity';
import { findCluster, type ExistingCluster } from './cluster/existing-cluster';
import { Flux } from './components/flux';
import { MirroredImages } from './components/mirrored-images';
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
  const { environment, settings, effects } = context;
  const existing = new ExistingResources(settings, effects);
  const roles = new RoleAssignments({ mode: settings.roleAssignments });
  const cluster = await findCluster(context, existing.invokeOptions(settings.cluster.subscriptionId));
  const identities = await workloadIdentities(context, cluster, existing);
  const registry = await usedRegistry(context, existing);
  const ownKeys = await signingKeys(context, existing, roles);
  const access = registry.owned ? allowRegistry(context, registry, cluster, identities, roles) : { pull: [], push: [] };

  const registryConfig = signIn(context, registry);
  const images = new MirroredImages('mirrored-images', {
    platform: context.platform,
    environment,
    dockerConfig: registryConfig.folder,
    ready: [...registry.ready, ...access.push, ...(ownKeys?.keys.ready ?? [])],
    ...(ownKeys === undefined || environment.outputs?.signingKeys !== undefined ? {} : { keyId: ownKeys.keys.keys.platform.id }),
  });
  const provider = new Provider('cluster', {
    kubeconfig: pulumi.secret(cluster.kubeconfig),
    ...(cluster.context === undefined ? {} : { context: cluster.context }),
    // Only another cluster is another cluster: a new certificate or way to sign in changes nothing on it.
    clusterIdentifier: cluster.resourceId,
    helmReleaseSettings: { registryConfigPath: registryConfig.file },
  });
  new Flux('flux', {
    platform: context.platform,
    environment,
    // Known once the images are there: Helm reads the chart in a preview already when it knows which.
    chartRegistry: pulumi.all([registry.loginServer, images.release.stdout]).apply(([host]) => host),
    identities,
    operatorReady: [images.release, ...access.pull],
    syncReady: Object.values(identities).flatMap(({ credentials }) => credentials),
    provider,
  });
  tellWhatIsOpen(context, registry, ownKeys, identities, roles);
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
      keyAddress: (key) => azureKmsAddress(key)!,
      roles,
      ...(settings.existing.signingKeys === undefined ? {} : { existing: settings.existing.signingKeys }),
    },
    id === undefined ? {} : existing.componentOptions(parseResourceId(id).subscriptionId),
  );
  return { vault: { resourceId: pulumi.output(vault.resourceId), uri: pulumi.output(vault.uri) }, keys };
}

/** Who may pull from the registry and push to it: whoever has to, of this environment and of those that share it. */
function allowRegistry(
  { platform, environment, settings }: StackContext,
  registry: UsedRegistry,
  cluster: ExistingCluster,
  identities: Readonly<Partial<Record<IdentityRole, WorkloadIdentity>>>,
  roles: RoleAssignments,
): { readonly pull: readonly pulumi.Resource[]; readonly push: readonly pulumi.Resource[] } {
  // The same parent whoever owns the registry: a change of owner keeps the URNs.
  const parent = new pulumi.ComponentResource('k8s-gitops:azure:RegistryAccess', 'registry-access');
  const { subscriptionId } = settings.existing.registry === undefined ? settings : parseResourceId(settings.existing.registry);
  const scope = registry.resourceId;
  const scopeName = environment.registry.name;
  const pull = (who: string, principalId: pulumi.Input<string>, why: string): readonly pulumi.Resource[] =>
    roles.assign(`registry-pull-${who}`, { role: ROLES.acrPull, principalId, scope, scopeName, subscriptionId, why }, parent);
  const { platformPipelines, applicationPipelines, verifiers } = settings.access;
  for (const sharer of sharersOf(platform, environment, settings)) {
    for (const [who, principalId] of sharer.principals)
      pull(`sharer-${sharer.name}-${who}`, principalId, `${who} of ${sharer.name}, which shares the registry`);
  }
  for (const [who, principal] of Object.entries(verifiers)) {
    roles.assign(
      `registry-pull-verifier-${who}`,
      { ...principal, role: ROLES.acrPull, scope, scopeName, subscriptionId, why: `${who} verifies images` },
      parent,
    );
  }
  const push = (who: string, principal: Principal, whose: 'platform' | 'applications'): readonly pulumi.Resource[] =>
    roles.assign(
      `registry-push-${whose}-${who}`,
      {
        ...principal,
        role: ROLES.acrPush,
        scope,
        scopeName,
        subscriptionId,
        why: `${who} pushes images of ${whose === 'platform' ? 'the platform' : whose}`,
      },
      parent,
    );
  for (const [who, principal] of Object.entries(applicationPipelines)) push(who, principal, 'applications');
  return {
    pull: [
      ...pull('kubelet', cluster.kubeletPrincipalId, `nodes of ${environment.cluster.name} pull images`),
      ...(identities.reader === undefined
        ? []
        : pull(
            'flux-reader',
            identities.reader.principalId,
            'source-controller and image-reflector-controller read charts and tags',
          )),
    ],
    push: Object.entries(platformPipelines).flatMap(([who, principal]) => push(who, principal, 'platform')),
  };
}

interface Sharer {
  readonly name: string;
  readonly principals: readonly (readonly [who: string, principalId: string])[];
}

/** The environments that share this one's registry, as far as they are known: from their outputs, or before from the configuration. */
function sharersOf({ environments }: Platform, owner: Environment, settings: StackSettings): readonly Sharer[] {
  return environments
    .filter(({ registry }) => registry.sharedWith === owner.name)
    .map(({ name, outputs: recorded }) => {
      const kubelet = recorded?.cluster?.kubeletPrincipalId ?? settings.sharers[name]?.kubeletPrincipalId;
      const reader = recorded?.identities.reader.principalId;
      const principals = [
        ...(kubelet === undefined ? [] : [['kubelet', kubelet] as const]),
        ...(reader === undefined ? [] : [['flux-reader', reader] as const]),
      ];
      return { name, principals };
    });
}

/** What the owner of a shared registry recorded; before that a preview knows nothing of it, and an `up` has stopped already. */
function recordedRegistry(
  { platform }: StackContext,
  owner: string,
): pulumi.Output<{ readonly resourceId: string; readonly loginServer: string }> {
  const recorded = platform.environments.find(({ name }) => name === owner)?.outputs?.registry;
  return pulumi.output(recorded ?? (pulumi.unknown as unknown as { readonly resourceId: string; readonly loginServer: string }));
}

/** What the person who runs this has to know or to do besides. */
function tellWhatIsOpen(
  { platform, environment, settings, effects }: StackContext,
  registry: UsedRegistry,
  ownKeys: OwnKeys | undefined,
  identities: Readonly<Partial<Record<IdentityRole, WorkloadIdentity>>>,
  roles: RoleAssignments,
): void {
  if ((registry.owned || ownKeys !== undefined) && Object.keys(settings.access.platformPipelines).length === 0) {
    effects.warn(
      "'k8s-gitops:access.platformPipelines' names nobody: whoever runs `pulumi up` has to have the rights to push images and to sign them from elsewhere.",
    );
  }
  const half = registry.owned !== (ownKeys !== undefined);
  if (half && Object.values(settings.access).some((group) => Object.keys(group).length > 0)) {
    const [here, there, owner] = registry.owned
      ? ['registry', 'signing keys', environment.vault.sharedWith!]
      : ['signing keys', 'registry', environment.registry.sharedWith!];
    effects.warn(
      `'k8s-gitops:access' gives rights to the ${here} of ${environment.name} alone: to the ${there}, which ${owner} owns, Pulumi.${owner}.yaml gives them.`,
    );
  }
  if (
    settings.privateNetwork !== undefined &&
    ![settings.registry, settings.vault].some(({ exposure }) => exposure === 'private')
  ) {
    effects.warn("'k8s-gitops:privateNetwork' is not used: neither the registry nor the Key Vault has 'exposure: private'.");
  }
  for (const { name, principals } of registry.owned ? sharersOf(platform, environment, settings) : []) {
    if (principals.some(([who]) => who === 'kubelet')) continue;
    effects.warn(
      `${name} shares the registry ${environment.registry.name}, and its cluster may not pull yet: give 'k8s-gitops:sharers.${name}.kubeletPrincipalId', or record the outputs of ${name}.`,
    );
  }
  for (const request of Object.values(identities).flatMap(({ requested }) => requested)) {
    effects.info(`to request: ${credentialRequestText(request)}`);
  }
  for (const request of roles.requested) {
    pulumi.output(request).apply((known) => {
      effects.info(`to request: ${requestText(known)}`);
    });
  }
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
