import * as pulumi from '@pulumi/pulumi';
import { type Platform } from '../src/model';
import { credentialRequestText, type RequestedFederatedCredential } from './azure/credential-request';
import { type RoleAssignments } from './azure/role-assignments';
import { requestText } from './azure/role-request';
import { sharersOf } from './sharers';
import { type Effects, type StackContext } from './stack-program';

/** What a stack says the rights to. */
export interface Ownership {
  readonly registry: boolean;
  readonly signingKeys: boolean;
}

/** Warns of what should not stay as it is configured. */
export function tellWhatIsOpen({ platform, environment, settings, effects }: StackContext, owns: Ownership): void {
  if (
    (owns.registry || owns.signingKeys) &&
    platform.organization === undefined &&
    Object.keys(settings.access.platformPipelines).length === 0
  ) {
    effects.warn(
      "'k8s-gitops:access.platformPipelines' names nobody: whoever runs `pulumi up` has to have the rights to push images and to sign them from elsewhere.",
    );
  }
  const half = owns.registry !== owns.signingKeys;
  if (half && Object.values(settings.access).some((group) => Object.keys(group).length > 0)) {
    const [here, there, owner] = owns.registry
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
  for (const { name, principals } of owns.registry ? sharersOf(platform, environment, settings) : []) {
    if (principals.some(([who]) => who === 'kubelet')) continue;
    effects.warn(
      `${name} shares the registry ${environment.registry.name}, and its cluster may not pull yet: give 'k8s-gitops:sharers.${name}.kubeletPrincipalId', or record the outputs of ${name}.`,
    );
  }
}

/** Tells what other teams have to do, as the commands that do it. */
export function tellWhatToRequest(
  { effects }: StackContext,
  identities: Readonly<Record<string, { readonly requested: readonly RequestedFederatedCredential[] }>>,
  roles: RoleAssignments,
): void {
  for (const request of Object.values(identities).flatMap(({ requested }) => requested)) {
    effects.request(credentialRequestText(request));
  }
  tellRolesToRequest(effects, roles);
}

/** Tells the roles that other teams have to assign, as soon as it is known to whom. */
export function tellRolesToRequest(effects: Pick<Effects, 'request'>, roles: RoleAssignments): void {
  for (const request of roles.requested) {
    pulumi.output(request).apply((known) => {
      effects.request(requestText(known));
    });
  }
}

/** Warns of environments that rely on what is changed before it is tried out: whoever may merge to the one decides over the other. */
export function tellWhatIsShared({
  platform: { environments },
  effects,
}: {
  readonly platform: Platform;
  readonly effects: Pick<Effects, 'warn'>;
}): void {
  const position = (name: string): number => environments.findIndex((environment) => environment.name === name);
  for (const { name, registry, vault } of environments) {
    for (const [what, owner] of [
      ['registry', registry.sharedWith],
      ['Key Vault', vault.sharedWith],
    ] as const) {
      if (owner === undefined || position(owner) > position(name)) continue;
      effects.warn(
        `${name} uses the ${what} of ${owner}, which comes before it in the order of promotion: the pipeline of ${owner} decides what ${name} trusts. Let ${name} own it, and ${owner} share it.`,
      );
    }
  }
}
