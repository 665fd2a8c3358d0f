import { z } from 'zod';
import { type Problem } from '../../model';
import { type AzureSession, type Sight } from './azure-session';
import { type PrincipalType, type StateRequest } from './state-request';

/** Somebody who is given a role. */
export interface Principal {
  /** Object id. */
  readonly id: string;
  readonly type: PrincipalType;
}

/** Who works, for whom, and in which cloud. */
export interface SignedIn {
  /** Everybody who may use the state. */
  readonly principals: readonly Principal[];
  /** Whether who is signed in is one of them. */
  readonly includesSelf: boolean;
  /** Host of blobs without the account, such as `blob.core.windows.net`. */
  readonly blobDomain: string;
  /** Ending of the hosts of vaults, such as `.vault.azure.net`. */
  readonly vaultSuffix: string;
}

const ACCOUNT = z.object({ tenantId: z.string(), user: z.object({ name: z.string(), type: z.string() }) });
const USER = z.object({ id: z.string().min(1) });
const CLOUD = z.object({ suffixes: z.object({ storageEndpoint: z.string().min(1), keyvaultDns: z.string().min(1) }) });

/** Finds out who is signed in and who is to use the state. */
export async function lookWhoIsSignedIn(session: AzureSession, request: StateRequest): Promise<SignedIn | Problem> {
  const account = await session.look(['account', 'show'], ACCOUNT);
  if (!('found' in account)) return noAccount(account, request.subscription);
  const cloud = await session.look(['cloud', 'show'], CLOUD);
  if (!('found' in cloud)) return unseen(cloud, 'the cloud');
  const self = await lookForSelf(session, request, account.found);
  if (self !== undefined && 'message' in self) return self;
  const given = request.principals.map((id) => ({ id, type: request.principalType }));
  const { storageEndpoint, keyvaultDns } = cloud.found.suffixes;
  return {
    principals: once(self === undefined ? given : [self, ...given]),
    includesSelf: self !== undefined,
    blobDomain: `blob.${storageEndpoint}`,
    vaultSuffix: keyvaultDns,
  };
}

function noAccount(sight: Exclude<Sight<unknown>, { found: unknown }>, subscription: string): Problem {
  if ('problem' in sight && sight.reason !== 'failed') return sight.problem;
  const said = 'problem' in sight ? `: ${sight.problem.message}` : '';
  return {
    location: { file: '--subscription' },
    message: `the subscription '${subscription}' is not one that you are signed in to${said}`,
    remedy: '`az account list --output table` shows those that are; `az login --tenant <tenant>` signs in to another tenant.',
  };
}

/** The signed-in person; `undefined` for a service principal, which only names others. */
async function lookForSelf(
  session: AzureSession,
  { principals, subscription }: StateRequest,
  { user, tenantId }: z.infer<typeof ACCOUNT>,
): Promise<Principal | Problem | undefined> {
  if (user.type !== 'user') {
    if (principals.length > 0) return undefined;
    return {
      location: { file: '--principal' },
      message: `nobody is named who may use the state, and '${user.name}' is signed in, which is no person (${user.type})`,
      remedy: 'Name the object id of each who may with --principal: `az ad sp show --id <application id> --query id` shows it.',
    };
  }
  // Microsoft Graph is asked in the tenant of the chosen subscription, whichever one the rest is done in.
  const chosen = await session.lookAcross(['account', 'show'], ACCOUNT);
  if (!('found' in chosen)) return unseen(chosen, 'who is signed in');
  if (chosen.found.tenantId !== tenantId) {
    return {
      location: { file: 'az' },
      message: `works in the tenant '${chosen.found.tenantId}', but the subscription is in '${tenantId}'`,
      remedy: `Run \`az account set --subscription ${subscription}\`, then run it again.`,
    };
  }
  const self = await session.lookAcross(['ad', 'signed-in-user', 'show'], USER);
  return 'found' in self ? { id: self.found.id, type: 'User' } : unseen(self, 'who is signed in');
}

const unseen = (sight: Exclude<Sight<unknown>, { found: unknown }>, what: string): Problem =>
  'problem' in sight
    ? sight.problem
    : { location: { file: 'az' }, message: `does not know ${what}`, remedy: 'Sign in with `az login`, then run it again.' };

/** Each principal once, as it was named first. */
function once(principals: readonly Principal[]): readonly Principal[] {
  const seen = new Set<string>();
  return principals.filter(({ id }) => !seen.has(id.toLowerCase()) && seen.add(id.toLowerCase()));
}
