import { Key, Secret } from '@pulumi/azure-native/keyvault';
import * as pulumi from '@pulumi/pulumi';
import { ACCESS_PATIENCE_SECONDS, platformCommand } from './platform-command';
import { type Access } from './principal';
import { type ResourceId } from './resource-id';
import { type RoleAssignments } from './role-assignments';
import { ROLES } from './roles';
import { type VaultSettings } from './signing-vault';

/** The two keys of an environment: a team must not be able to sign an image of the platform. */
export const KEY_NAMES = ['platform', 'applications'] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** Names of what belongs to the signing keys. */
export interface SigningKeyNames {
  readonly platformSigningKey: string;
  readonly applicationsSigningKey: string;
  /** Secret that holds the public key of the platform; that of applications has the same name with a suffix. */
  readonly publicKeySecret: string;
}

export interface SigningKeysArgs {
  /** Resource id of the Key Vault. */
  readonly vaultId: pulumi.Input<string>;
  /** What has to be there before a key can be made. */
  readonly vaultReady: readonly pulumi.Resource[];
  /** Where the Key Vault stands, known before it exists. */
  readonly vault: ResourceId;
  readonly names: SigningKeyNames;
  readonly settings: {
    readonly tags: Readonly<Record<string, string>>;
    readonly vault: Pick<VaultSettings, 'tier'>;
  };
  readonly access: Access;
  /** The address of a key as `k8s-gitops` takes it, from its identifier with version. */
  readonly keyAddress: (id: string) => string;
  readonly roles: RoleAssignments;
  /** Key identifiers of keys that another team made. @default - the keys are made */
  readonly existing?: Readonly<Record<KeyName, string>>;
}

/** A signing key that can be used. */
export interface SigningKey {
  /** Key identifier with version. */
  readonly id: pulumi.Output<string>;
  /** Public key in PEM form. */
  readonly publicKey: pulumi.Output<string>;
}

/**
 * The two signing keys, who may sign with which, and their public keys as secrets for pipelines that verify.
 *
 * EC P-256, which cosign signs with in Key Vault. The rotation policy notifies and never rotates: a version that made itself would sign
 * with a key that admission does not know.
 */
export class SigningKeys extends pulumi.ComponentResource {
  public readonly keys: Readonly<Record<KeyName, SigningKey>>;
  /** What has to be there before anybody can sign. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: SigningKeysArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azure:SigningKeys', name, {}, options);
    const made = KEY_NAMES.map((key) => this.makeKey(key, args));
    this.ready = made.flatMap(({ resources, access }) => [...resources, ...access]);
    const [platform, applications] = made.map(({ id, access }, index) => ({
      id,
      publicKey: this.publish(KEY_NAMES[index]!, id, access, args),
    }));
    this.keys = { platform: platform!, applications: applications! };
    this.registerOutputs({ platform: this.keys.platform.id, applications: this.keys.applications.id });
  }

  private makeKey(
    key: KeyName,
    args: SigningKeysArgs,
  ): {
    readonly id: pulumi.Output<string>;
    readonly resources: readonly pulumi.Resource[];
    readonly access: readonly pulumi.Resource[];
  } {
    const { vault, settings, existing } = args;
    const keyName = existing === undefined ? args.names[`${key}SigningKey`] : existing[key].split('/')[4]!;
    if (existing !== undefined) {
      const scope = pulumi.interpolate`${args.vaultId}/keys/${keyName}`;
      return { id: pulumi.output(existing[key]), resources: [], access: this.allowSigning(key, keyName, scope, args) };
    }
    const resource = new Key(
      `key-${key}`,
      {
        keyName,
        vaultName: vault.name,
        resourceGroupName: vault.resourceGroup,
        properties: {
          kty: settings.vault.tier === 'premium' ? 'EC-HSM' : 'EC',
          curveName: 'P-256',
          keyOps: ['sign', 'verify'],
          attributes: { enabled: true, exportable: false },
          rotationPolicy: {
            attributes: { expiryTime: 'P2Y' },
            lifetimeActions: [{ action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P60D' } }],
          },
        },
        tags: settings.tags,
      },
      // Deleting goes through the data plane, where this stack has no right to; and what was signed could never be signed again.
      {
        parent: this,
        protect: true,
        retainOnDelete: true,
        // Azure Resource Manager makes keys and never changes them: a change would look done and not be.
        ignoreChanges: ['properties', 'tags'],
        dependsOn: [...args.vaultReady],
      },
    );
    return {
      id: resource.keyUriWithVersion,
      resources: [resource],
      access: this.allowSigning(key, keyName, pulumi.interpolate`${args.vaultId}/keys/${resource.name}`, args),
    };
  }

  private allowSigning(
    key: KeyName,
    keyName: string,
    scope: pulumi.Output<string>,
    { access, roles, vault }: SigningKeysArgs,
  ): readonly pulumi.Resource[] {
    const { platformPipelines, applicationPipelines } = access;
    const scopeName = `${vault.name}/${keyName}`;
    const signers = key === 'platform' ? platformPipelines : applicationPipelines;
    return [
      ...Object.entries(signers).flatMap(([who, principal]) =>
        roles.assign(
          `key-${key}-sign-${who}`,
          {
            ...principal,
            role: ROLES.keyVaultCryptoUser,
            scope,
            scopeName,
            subscriptionId: vault.subscriptionId,
            why: `${who} signs images of ${key === 'platform' ? 'the platform' : 'applications'}`,
          },
          this,
        ),
      ),
      // The platform's pipeline publishes the public half of the key that it must not sign with.
      ...(key === 'platform' ? [] : Object.entries(platformPipelines)).flatMap(([who, principal]) =>
        roles.assign(
          `key-${key}-read-${who}`,
          {
            ...principal,
            role: ROLES.keyVaultReader,
            scope,
            scopeName,
            subscriptionId: vault.subscriptionId,
            why: `${who} reads the public key of ${key}`,
          },
          this,
        ),
      ),
    ];
  }

  private publish(
    key: KeyName,
    id: pulumi.Output<string>,
    access: readonly pulumi.Resource[],
    args: SigningKeysArgs,
  ): pulumi.Output<string> {
    const { vault, settings, roles, keyAddress } = args;
    const address = id.apply(keyAddress);
    const command = platformCommand(
      `public-key-${key}`,
      {
        commands: [['images', 'public-key', '--key', address, '--wait-for-access', String(ACCESS_PATIENCE_SECONDS)]],
        triggers: [id],
      },
      { parent: this, dependsOn: [...access] },
    );
    const publicKey = command.stdout.apply((pem) => `${pem.trim()}\n`);
    // Whoever made the keys publishes them.
    if (args.existing !== undefined) return publicKey;
    const secretName = key === 'platform' ? args.names.publicKeySecret : `${args.names.publicKeySecret}-${key}`;
    const secret = new Secret(
      `public-key-${key}`,
      {
        secretName,
        vaultName: vault.name,
        resourceGroupName: vault.resourceGroup,
        properties: { value: publicKey, contentType: 'application/x-pem-file' },
        tags: settings.tags,
      },
      // Deleting goes through the data plane too.
      { parent: this, retainOnDelete: true },
    );
    for (const [who, principal] of Object.entries(args.access.verifiers)) {
      roles.assign(
        `public-key-${key}-read-${who}`,
        {
          ...principal,
          role: ROLES.keyVaultSecretsUser,
          scope: pulumi.interpolate`${args.vaultId}/secrets/${secret.name}`,
          scopeName: `${vault.name}/${secretName}`,
          subscriptionId: vault.subscriptionId,
          why: `${who} verifies signatures of ${key}`,
        },
        this,
      );
    }
    return publicKey;
  }
}
