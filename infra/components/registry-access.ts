import * as pulumi from '@pulumi/pulumi';
import { type Environment, type Platform, type StackSettings } from '../../src/model';
import { type Access, type Principal } from '../azure/principal';
import { parseResourceId } from '../azure/resource-id';
import { type RoleAssignments } from '../azure/role-assignments';
import { ROLES, type BuiltInRole } from '../azure/roles';
import { type UsableCluster } from '../cluster/check-cluster';
import { sharersOf } from '../sharers';

export interface RegistryAccessArgs {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly settings: StackSettings;
  /** Resource id of the registry. */
  readonly registryId: pulumi.Input<string>;
  readonly cluster: Pick<UsableCluster, 'kubeletPrincipalId'>;
  /** Identity of the controllers that read. @default - no controller does */
  readonly reader?: { readonly principalId: pulumi.Input<string> } | undefined;
  /** Who may, besides the clusters. */
  readonly access: Access;
  readonly roles: RoleAssignments;
}

/**
 * Who may pull from the registry and push to it: whoever has to, of this environment and of those that share it.
 *
 * A component of its own, so that the URNs stay when the registry goes to another team or comes from it.
 */
export class RegistryAccess extends pulumi.ComponentResource {
  /** What has to be there before the cluster can pull. */
  public readonly pull: readonly pulumi.Resource[];
  /** What has to be there before the platform's pipeline can push. */
  public readonly push: readonly pulumi.Resource[];

  private readonly given = new Set<string>();

  public constructor(name: string, args: RegistryAccessArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azure:RegistryAccess', name, {}, options);
    const { platform, environment, settings, cluster, reader } = args;
    const { platformPipelines, applicationPipelines, verifiers } = args.access;
    this.pull = [
      ...this.allow(
        'pull-kubelet',
        ROLES.acrPull,
        { principalId: cluster.kubeletPrincipalId },
        `nodes of ${environment.cluster.name} pull images`,
        args,
      ),
      ...(reader === undefined
        ? []
        : this.allow(
            'pull-flux-reader',
            ROLES.acrPull,
            reader,
            'source-controller and image-reflector-controller read charts and tags',
            args,
          )),
    ];
    this.push = Object.entries(platformPipelines).flatMap(([who, principal]) =>
      this.allow(`push-platform-${who}`, ROLES.acrPush, principal, `${who} pushes images of the platform`, args),
    );
    for (const [who, principal] of Object.entries(applicationPipelines)) {
      this.allow(`push-applications-${who}`, ROLES.acrPush, principal, `${who} pushes images of applications`, args);
    }
    for (const [who, principal] of Object.entries(verifiers)) {
      this.allow(`pull-verifier-${who}`, ROLES.acrPull, principal, `${who} verifies images`, args);
    }
    for (const sharer of sharersOf(platform, environment, settings)) {
      for (const [who, principalId] of sharer.principals) {
        const why = `${who} of ${sharer.name}, which shares the registry`;
        this.allow(`pull-sharer-${sharer.name}-${who}`, ROLES.acrPull, { principalId }, why, args);
      }
    }
    this.registerOutputs({});
  }

  private allow(
    what: string,
    role: BuiltInRole,
    who: Pick<Principal, 'principalId'> & Partial<Principal>,
    why: string,
    { environment, settings, registryId, roles }: RegistryAccessArgs,
  ): readonly pulumi.Resource[] {
    const { registry: existing } = settings.existing;
    const { subscriptionId } = existing === undefined ? settings : parseResourceId(existing);
    const { principalId, principalType } = who;
    // Azure takes the same role for the same principal once; a kubelet of two clusters may be one identity.
    if (typeof principalId === 'string') {
      const known = `${role.name} ${principalId.toLowerCase()}`;
      if (this.given.has(known)) return [];
      this.given.add(known);
    }
    return roles.assign(
      `registry-${what}`,
      {
        role,
        principalId,
        ...(principalType === undefined ? {} : { principalType }),
        scope: registryId,
        scopeName: environment.registry.name,
        subscriptionId,
        why,
      },
      this,
    );
  }
}
