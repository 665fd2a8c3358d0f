/** Somebody to whom roles are assigned. */
export interface Principal {
  /** Object id in Microsoft Entra ID. */
  readonly principalId: string;
  readonly principalType: 'ServicePrincipal' | 'Group' | 'User';
}

/** Principals by a short name, which their role assignments carry. */
export type Principals = Readonly<Record<string, Principal>>;
