import { PIPELINE_ROLES } from '../azure/pipeline-roles';
import { ROLES, type BuiltInRole } from '../azure/roles';

/** A role that this platform assigns, and where. */
export interface KnownRole extends BuiltInRole {
  /** The one type of resource that it may be assigned at, in small letters. @default - any, and a resource group */
  readonly at?: string;
  /** Whether its scope may be known later, as that of a resource which the same stack makes. */
  readonly scopeMayBeLater: boolean;
}

const REGISTRY = 'microsoft.containerregistry/registries';
const KEY = 'microsoft.keyvault/vaults/keys';
const SECRET = 'microsoft.keyvault/vaults/secrets';
const CLUSTER = 'microsoft.containerservice/managedclusters';

/** What opens something is for that thing alone. */
const AT: Readonly<Record<keyof typeof ROLES, string>> = {
  acrPull: REGISTRY,
  acrPush: REGISTRY,
  keyVaultCryptoUser: KEY,
  keyVaultReader: KEY,
  keyVaultSecretsUser: SECRET,
};

const PIPELINES_AT: Partial<Readonly<Record<keyof typeof PIPELINE_ROLES, string>>> = {
  clusterUser: CLUSTER,
  clusterAdmin: CLUSTER,
};

/** The roles by their GUIDs. */
export const KNOWN_ROLES: ReadonlyMap<string, KnownRole> = new Map(
  [
    ...Object.entries(ROLES).map(([key, role]) => knownRole(role, AT[key as keyof typeof ROLES], true)),
    ...Object.entries(PIPELINE_ROLES).map(([key, role]) =>
      knownRole(role, PIPELINES_AT[key as keyof typeof PIPELINE_ROLES], false),
    ),
  ].map((role) => [role.id, role]),
);

/** GUIDs of the roles that who assigns roles may assign. */
export const ASSIGNABLE_ROLES: ReadonlySet<string> = new Set(Object.values(ROLES).map(({ id }) => id));

function knownRole({ name, id }: BuiltInRole, at: string | undefined, scopeMayBeLater: boolean): KnownRole {
  return { name, id, scopeMayBeLater, ...(at === undefined ? {} : { at }) };
}
