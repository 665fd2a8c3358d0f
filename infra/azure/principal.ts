import type * as pulumi from '@pulumi/pulumi';

/** Somebody to whom roles are assigned. */
export interface Principal {
  /** Object id in Microsoft Entra ID. */
  readonly principalId: pulumi.Input<string>;
  readonly principalType: 'ServicePrincipal' | 'Group' | 'User';
}

/** Principals by a short name, which their role assignments carry. */
export type Principals = Readonly<Record<string, Principal>>;

/** Who may do what with a registry, or with the signing keys. */
export interface Access {
  /** Who runs `pulumi up`: pushes images, signs them with the key of the platform, and publishes both public keys. */
  readonly platformPipelines: Principals;
  /** Who pushes applications' images and signs them with the key of applications. */
  readonly applicationPipelines: Principals;
  /** Who pulls images and reads the public keys. */
  readonly verifiers: Principals;
}
