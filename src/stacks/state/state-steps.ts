import { z } from 'zod';
import { type Problem } from '../../model';
import { about, type AzureSession, type Sight } from './azure-session';
import { type Principal } from './signed-in';
import { type StateRequest } from './state-request';
import {
  BLOB_SERVICE,
  blobServiceWeaknesses,
  KEY,
  KEY_OPERATIONS,
  KEY_SIZE,
  keepDeletedBlobs,
  keyWeaknesses,
  STORAGE_ACCOUNT,
  storageAccountWeaknesses,
  VAULT,
  VAULT_RETENTION_DAYS,
  vaultWeaknesses,
} from './weaknesses';

/** What a look at one thing found. */
export type Finding =
  /** It is not there and can be made. */
  | { readonly state: 'absent' }
  /** It is there; weaker than wanted where there are problems. */
  | { readonly state: 'present'; readonly problems: readonly Problem[] }
  /** It cannot be seen, or its name is not to be had. */
  | { readonly state: 'failed'; readonly problem: Problem };

/** One thing that the state backend consists of. */
export interface Step {
  /** What it is, such as `storage account`. */
  readonly what: string;
  /** Which one. */
  readonly resource: string;
  /** What it is part of: as long as that is not there, neither is this. @default - nothing */
  readonly partOf?: Step;
  readonly look: () => Promise<Finding>;
  /** Arguments of the `az` command that makes it. */
  readonly make: readonly string[];
}

/** Built-in roles of Azure: the least that reads and writes state, and that encrypts and decrypts with the key. */
const ROLES = {
  blobs: { name: 'Storage Blob Data Contributor', id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
  key: { name: 'Key Vault Crypto User', id: '12338af0-0e69-4776-bea7-57ae8d297424' },
} as const;

/** Tag that says who made a resource. */
const TAG = { name: 'managed-by', value: 'k8s-gitops' } as const;
const TAGS = ['--tags', `${TAG.name}=${TAG.value}`];

const KEY_API_VERSION = '2023-07-01';
const LOCK = 'k8s-gitops-state';

const ANYTHING = z.object({});
const ASSIGNMENTS = z.array(z.object({ principalId: z.string(), roleDefinitionId: z.string() }));
const LOCKS = z.array(z.object({ level: z.string() }));
const NAME_CHECK = z.object({ nameAvailable: z.boolean(), message: z.string().nullish() });

const PRESENT: Finding = { state: 'present', problems: [] };
const ABSENT: Finding = { state: 'absent' };

/** Everything that the state backend consists of, in the order in which it is made. */
export function stateSteps(session: AzureSession, request: StateRequest, principals: readonly Principal[]): readonly Step[] {
  const group = resourceGroupStep(session, request);
  const account = storageAccountStep(session, request, group);
  const container = containerStep(session, request, account);
  const vault = vaultStep(session, request, group);
  const key = keyStep(session, request, vault);
  const ids = idsOf(request);
  return [
    group,
    account,
    blobServiceStep(session, request, account),
    container,
    ...principals.map((principal) => roleStep(session, ROLES.blobs, ids.container, container, principal)),
    vault,
    key,
    ...principals.map((principal) => roleStep(session, ROLES.key, ids.key, key, principal)),
    lockStep(session, request, account, 'Microsoft.Storage/storageAccounts', request.storageAccount),
    lockStep(session, request, vault, 'Microsoft.KeyVault/vaults', request.vault),
  ];
}

/** Resource ids, which follow from the names. */
function idsOf({ subscription, resourceGroup, storageAccount, container, vault, key }: StateRequest): {
  readonly container: string;
  readonly key: string;
} {
  const providers = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers`;
  return {
    container: `${providers}/Microsoft.Storage/storageAccounts/${storageAccount}/blobServices/default/containers/${container}`,
    key: `${providers}/Microsoft.KeyVault/vaults/${vault}/keys/${key}`,
  };
}

/** The finding of a sight; what is there is judged. */
function judged<T>(what: string, sight: Sight<T>, judge: (found: T) => Finding): Finding {
  if ('problem' in sight) return { state: 'failed', problem: about(what, sight.problem) };
  return 'absent' in sight ? ABSENT : judge(sight.found);
}

function resourceGroupStep(session: AzureSession, { resourceGroup, location }: StateRequest): Step {
  return {
    what: 'resource group',
    resource: resourceGroup,
    look: async () =>
      judged(
        `resource group ${resourceGroup}`,
        await session.look(['group', 'show', '--name', resourceGroup], ANYTHING),
        () => PRESENT,
      ),
    make: ['group', 'create', '--name', resourceGroup, '--location', location, ...TAGS],
  };
}

const showAccount = ({ storageAccount, resourceGroup }: StateRequest): readonly string[] => [
  ...['storage', 'account', 'show', '--name', storageAccount, '--resource-group', resourceGroup],
];

function storageAccountStep(session: AzureSession, request: StateRequest, group: Step): Step {
  const { storageAccount, resourceGroup, location } = request;
  const what = `storage account ${storageAccount}`;
  return {
    what: 'storage account',
    resource: storageAccount,
    look: async () => {
      // The name is unique in all of Azure, so it may be taken although the resource group is not there yet.
      const { state } = await group.look();
      if (state === 'failed') return ABSENT;
      const sight = state === 'present' ? await session.look(showAccount(request), STORAGE_ACCOUNT) : ({ absent: true } as const);
      if ('absent' in sight) return nameIsFree(session, storageAccount, resourceGroup);
      return judged(what, sight, (found) => ({
        state: 'present',
        problems: storageAccountWeaknesses(session, request, found),
      }));
    },
    make: [
      ...['storage', 'account', 'create', '--name', storageAccount, '--resource-group', resourceGroup, '--location', location],
      ...['--kind', 'StorageV2', '--sku', 'Standard_ZRS', '--https-only', 'true', '--min-tls-version', 'TLS1_2'],
      ...['--allow-shared-key-access', 'false', '--allow-blob-public-access', 'false'],
      ...['--require-infrastructure-encryption', 'true', ...TAGS],
    ],
  };
}

async function nameIsFree(session: AzureSession, storageAccount: string, resourceGroup: string): Promise<Finding> {
  const what = `storage account ${storageAccount}`;
  const sight = await session.look(['storage', 'account', 'check-name', '--name', storageAccount], NAME_CHECK);
  return judged(what, sight, ({ nameAvailable, message }) => {
    if (nameAvailable) return ABSENT;
    const problem: Problem = {
      location: { file: what },
      message: `is not in the resource group '${resourceGroup}', and its name is not to be had${message ? `: ${message}` : ''}`,
      remedy: 'Name another one with --storage-account, or the resource group that holds it with --resource-group.',
    };
    return { state: 'failed', problem };
  });
}

function blobServiceStep(session: AzureSession, request: StateRequest, account: Step): Step {
  const { storageAccount, resourceGroup } = request;
  const what = `storage account ${storageAccount}`;
  const show = ['storage', 'account', 'blob-service-properties', 'show'];
  return {
    what: 'versions, soft delete',
    resource: storageAccount,
    partOf: account,
    look: async () => {
      const names = ['--account-name', storageAccount, '--resource-group', resourceGroup];
      const sight = await session.look([...show, ...names], BLOB_SERVICE);
      const owner = await session.look(showAccount(request), STORAGE_ACCOUNT);
      return judged(what, sight, (service) => {
        const problems = blobServiceWeaknesses(session, request, service);
        // What an interrupted run made is completed; what somebody else made is theirs to change.
        const ours = 'found' in owner && owner.found.tags?.[TAG.name] === TAG.value;
        return problems.length > 0 && ours ? ABSENT : { state: 'present', problems };
      });
    },
    make: keepDeletedBlobs(request),
  };
}

function containerStep(session: AzureSession, request: StateRequest, account: Step): Step {
  const { container, storageAccount, resourceGroup } = request;
  // By the resource manager: whoever makes it needs no role on the data, which could only be given on a container that is there.
  const call = (verb: string): readonly string[] => [
    ...['storage', 'container-rm', verb, '--name', container, '--storage-account', storageAccount],
    ...['--resource-group', resourceGroup],
  ];
  return {
    what: 'container',
    resource: `${storageAccount}/${container}`,
    partOf: account,
    look: async () =>
      judged(`container ${storageAccount}/${container}`, await session.look(call('show'), ANYTHING), () => PRESENT),
    make: call('create'),
  };
}

function vaultStep(session: AzureSession, request: StateRequest, group: Step): Step {
  const { vault, resourceGroup, location } = request;
  const show = ['keyvault', 'show', '--name', vault, '--resource-group', resourceGroup];
  return {
    what: 'Key Vault',
    resource: vault,
    partOf: group,
    look: async () =>
      judged(`Key Vault ${vault}`, await session.look(show, VAULT), (found) => ({
        state: 'present',
        problems: vaultWeaknesses(session, request, found),
      })),
    make: [
      ...['keyvault', 'create', '--name', vault, '--resource-group', resourceGroup, '--location', location],
      ...['--sku', 'standard', '--enable-rbac-authorization', 'true', '--enable-purge-protection', 'true'],
      ...['--retention-days', String(VAULT_RETENTION_DAYS), ...TAGS],
    ],
  };
}

function keyStep(session: AzureSession, request: StateRequest, vault: Step): Step {
  const id = idsOf(request).key;
  const body = { properties: { kty: 'RSA', keySize: KEY_SIZE, keyOps: KEY_OPERATIONS } };
  return {
    what: 'key',
    resource: `${request.vault}/${request.key}`,
    partOf: vault,
    look: async () => {
      const sight = await session.look(['resource', 'show', '--ids', id, '--api-version', KEY_API_VERSION], KEY);
      return judged(`key ${request.vault}/${request.key}`, sight, (found) => ({
        state: 'present',
        problems: keyWeaknesses(session, request, found),
      }));
    },
    // By the resource manager, which never changes a key that is there: whoever makes it needs no role on the data.
    make: ['rest', '--method', 'put', '--url', `${id}?api-version=${KEY_API_VERSION}`, '--body', JSON.stringify(body)],
  };
}

function roleStep(
  session: AzureSession,
  role: { readonly name: string; readonly id: string },
  scope: string,
  partOf: Step,
  principal: Principal,
): Step {
  // Without names: asking Microsoft Graph for them is not allowed to everybody.
  const list = ['role', 'assignment', 'list', '--scope', scope, '--fill-principal-name', 'false'];
  return {
    what: role.name,
    resource: `${principal.type} ${principal.id}`,
    partOf,
    look: async () =>
      judged(`${role.name} of ${principal.id}`, await session.look(list, ASSIGNMENTS), (found) =>
        found.some((assignment) => isFor(assignment, principal, role.id)) ? PRESENT : ABSENT,
      ),
    make: [
      ...['role', 'assignment', 'create', '--assignee-object-id', principal.id, '--assignee-principal-type', principal.type],
      ...['--role', role.name, '--scope', scope],
    ],
  };
}

const isFor = (
  { principalId, roleDefinitionId }: z.infer<typeof ASSIGNMENTS>[number],
  { id }: Principal,
  roleId: string,
): boolean =>
  principalId.toLowerCase() === id.toLowerCase() && roleDefinitionId.toLowerCase().endsWith(`/roledefinitions/${roleId}`);

function lockStep(
  session: AzureSession,
  { resourceGroup }: StateRequest,
  partOf: Step,
  resourceType: string,
  resourceName: string,
): Step {
  const resource = ['--resource-group', resourceGroup, '--resource-type', resourceType, '--resource-name', resourceName];
  return {
    what: 'delete lock',
    resource: resourceName,
    partOf,
    look: async () =>
      judged(`delete lock of ${resourceName}`, await session.look(['lock', 'list', ...resource], LOCKS), (found) =>
        found.length > 0 ? PRESENT : ABSENT,
      ),
    make: ['lock', 'create', '--name', LOCK, '--lock-type', 'CanNotDelete', ...resource],
  };
}
