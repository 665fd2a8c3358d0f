import * as fs from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from '../support/platform-folder';

type Json = Record<string, unknown>;

/** What the stand-in's Azure holds, and how it behaves. */
export interface AzureState {
  /** Who is signed in; `null` for nobody. */
  user: { name: string; type: string } | null;
  /** Subscriptions by id, with their tenants. */
  subscriptions: Record<string, string>;
  /** The subscription that `az account set` chose. */
  defaultSubscription: string;
  cloud: { storageEndpoint: string; keyvaultDns: string };
  groups: Record<string, Json>;
  accounts: Record<string, Json>;
  blobServices: Record<string, Json>;
  containers: Record<string, Json>;
  vaults: Record<string, Json>;
  keys: Record<string, Json>;
  assignments: { scope: string; principalId: string; roleDefinitionId: string; principalType: string }[];
  locks: { resource: string; name: string; level: string }[];
  /** Storage accounts of other people. */
  takenNames: string[];
  /** So many times a container refuses who has the role. */
  refusals: number;
  /** Commands that fail so many times, with what they print. */
  failures: Record<string, { times: number; stderr: string; code?: number }>;
  /** Commands that print this instead of their answer. */
  garbage: Record<string, string>;
  /** Registries by name. */
  registries: Record<string, { loginServer: string; token: string }>;
}

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const TENANT = '22222222-2222-2222-2222-222222222222';
export const SELF = '33333333-3333-3333-3333-333333333333';
export const PIPELINE = '44444444-4444-4444-4444-444444444444';

/** A stand-in for the Azure CLI, with an Azure that is empty but for what a test puts there. It refuses what it does not know. */
export class StandInAz {
  public readonly folder = temporaryFolder();
  /** Environment variables under which it is found. */
  public readonly environment = { PATH: this.folder };

  public constructor(state: Partial<AzureState> = {}) {
    this.state = {
      user: { name: 'ada@example.com', type: 'user' },
      subscriptions: { [SUBSCRIPTION]: TENANT },
      defaultSubscription: SUBSCRIPTION,
      cloud: { storageEndpoint: 'core.windows.net', keyvaultDns: '.vault.azure.net' },
      groups: {},
      accounts: {},
      blobServices: {},
      containers: {},
      vaults: {},
      keys: {},
      assignments: [],
      locks: [],
      takenNames: [],
      refusals: 0,
      failures: {},
      garbage: {},
      registries: {},
      ...state,
    };
    const script = `#!${process.execPath}\n(${standIn.toString()})(${JSON.stringify(this.folder)}, ${JSON.stringify(SELF)})\n`;
    fs.writeFileSync(path.join(this.folder, 'az'), script, { mode: 0o755 });
  }

  public get state(): AzureState {
    return JSON.parse(fs.readFileSync(path.join(this.folder, 'state.json'), 'utf8')) as AzureState;
  }

  public set state(state: AzureState) {
    fs.writeFileSync(path.join(this.folder, 'state.json'), JSON.stringify(state));
  }

  /** Changes what Azure holds. */
  public change(edit: (state: AzureState) => void): this {
    const { state } = this;
    edit(state);
    this.state = state;
    return this;
  }

  /** Every command line so far, without `az`. */
  public get calls(): readonly string[] {
    const file = path.join(this.folder, 'calls');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  public forgetCalls(): void {
    fs.rmSync(path.join(this.folder, 'calls'), { force: true });
  }

  /** Those command lines that change something. */
  public get writes(): readonly string[] {
    return this.calls.filter((call) => / (?:create|update|start) |^rest /.test(call.replace(/ --.*/, ' ')));
  }
}

/** The program itself: everything that it uses is in it, because its text is written to a file. */
/* eslint-disable @typescript-eslint/no-require-imports -- it runs as a file of its own */
function standIn(folder: string, self: string): void {
  const files = require('node:fs') as typeof fs;
  const given = process.argv.slice(2);
  const file = `${folder}/state.json`;
  const azure = JSON.parse(files.readFileSync(file, 'utf8')) as AzureState;
  files.appendFileSync(`${folder}/calls`, `${given.join(' ')}\n`);

  const fail = (message: string, code = 1): never => {
    files.writeFileSync(file, JSON.stringify(azure));
    files.writeSync(2, `ERROR: ${message}\n`);
    process.exit(code);
  };
  const firstOption = given.findIndex((word) => word.startsWith('--'));
  const command = given.slice(0, firstOption === -1 ? undefined : firstOption).join(' ');
  const options: Record<string, string> = {};
  for (let index = firstOption; index !== -1 && index < given.length; index++) {
    const name = given[index]!;
    if (!name.startsWith('--') || name in options) fail(`unrecognized arguments: ${name}`, 2);
    options[name] = given[index + 1]?.startsWith('--') === false ? given[++index]! : '';
  }
  if (options['--output'] !== 'json' || options['--only-show-errors'] !== '') fail('every call has to ask for JSON alone', 2);
  delete options['--output'];
  delete options['--only-show-errors'];

  const subscription = options['--subscription'] ?? azure.defaultSubscription;
  const notFound = (message: string): never => fail(`(ResourceNotFound) ${message}\nCode: ResourceNotFound`, 3);
  const inGroup = (things: Record<string, Json>, name: string, what: string): Json => {
    const thing = things[name];
    return thing?.['resourceGroup'] === options['--resource-group']
      ? thing!
      : notFound(`The Resource '${what}/${name}' was not found.`);
  };
  const providers = (group: string): string => `/subscriptions/${subscription}/resourceGroups/${group}/providers`;
  const groupOf = (): string => {
    const group = options['--resource-group']!;
    if (azure.groups[group] === undefined) fail(`(ResourceGroupNotFound) Resource group '${group}' could not be found.`, 3);
    return group;
  };
  const tagsOf = (): Record<string, string> => {
    const [name, value] = (options['--tags'] ?? '').split('=') as [string, string | undefined];
    return value === undefined ? {} : { [name]: value };
  };
  const flag = (name: string): boolean => options[name] === 'true';

  const knows: Record<string, readonly [needed: readonly string[], run: () => unknown]> = {
    'account show': [
      [],
      () => {
        const tenantId = azure.subscriptions[subscription];
        if (tenantId === undefined)
          fail(`Subscription '${subscription}' not found. Check the spelling and casing and try again.`);
        return { id: subscription, tenantId, user: azure.user, state: 'Enabled' };
      },
    ],
    'cloud show': [[], () => ({ name: 'AzureCloud', suffixes: azure.cloud })],
    'ad signed-in-user show': [[], () => ({ id: self, userPrincipalName: azure.user!.name })],
    'group show': [
      ['--name'],
      () =>
        azure.groups[options['--name']!] ??
        fail(
          `(ResourceGroupNotFound) Resource group '${options['--name']!}' could not be found.\nCode: ResourceGroupNotFound`,
          3,
        ),
    ],
    'group create': [
      ['--name', '--location', '--tags'],
      () => (azure.groups[options['--name']!] = { name: options['--name'], location: options['--location'], tags: tagsOf() }),
    ],
    'storage account check-name': [
      ['--name'],
      () => {
        const taken = [...azure.takenNames, ...Object.keys(azure.accounts)].includes(options['--name']!);
        return taken
          ? {
              nameAvailable: false,
              reason: 'AlreadyExists',
              message: `The storage account named ${options['--name']!} is already taken.`,
            }
          : { nameAvailable: true, reason: null, message: null };
      },
    ],
    'storage account show': [
      ['--name', '--resource-group'],
      () => inGroup(azure.accounts, options['--name']!, 'Microsoft.Storage/storageAccounts'),
    ],
    'storage account create': [
      [
        ...['--name', '--resource-group', '--location', '--kind', '--sku', '--https-only', '--min-tls-version'],
        ...['--allow-shared-key-access', '--allow-blob-public-access', '--require-infrastructure-encryption', '--tags'],
      ],
      () => {
        const name = options['--name']!;
        azure.blobServices[name] = { resourceGroup: groupOf(), isVersioningEnabled: null };
        return (azure.accounts[name] = {
          name,
          resourceGroup: groupOf(),
          kind: options['--kind'],
          sku: { name: options['--sku'] },
          allowSharedKeyAccess: flag('--allow-shared-key-access'),
          allowBlobPublicAccess: flag('--allow-blob-public-access'),
          enableHttpsTrafficOnly: flag('--https-only'),
          minimumTlsVersion: options['--min-tls-version'],
          encryption: { requireInfrastructureEncryption: flag('--require-infrastructure-encryption') },
          tags: tagsOf(),
        });
      },
    ],
    'storage account blob-service-properties show': [
      ['--account-name', '--resource-group'],
      () => inGroup(azure.blobServices, options['--account-name']!, 'blobServices'),
    ],
    'storage account blob-service-properties update': [
      [
        ...['--account-name', '--resource-group', '--enable-versioning', '--enable-delete-retention', '--delete-retention-days'],
        ...['--enable-container-delete-retention', '--container-delete-retention-days'],
      ],
      () =>
        (azure.blobServices[options['--account-name']!] = {
          resourceGroup: groupOf(),
          isVersioningEnabled: flag('--enable-versioning'),
          deleteRetentionPolicy: { enabled: flag('--enable-delete-retention'), days: Number(options['--delete-retention-days']) },
          containerDeleteRetentionPolicy: {
            enabled: flag('--enable-container-delete-retention'),
            days: Number(options['--container-delete-retention-days']),
          },
        }),
    ],
    'storage container-rm show': [
      ['--name', '--storage-account', '--resource-group'],
      () =>
        azure.containers[`${options['--storage-account']!}/${options['--name']!}`] ??
        fail('(ContainerNotFound) The specified container does not exist.', 3),
    ],
    'storage container-rm create': [
      ['--name', '--storage-account', '--resource-group'],
      () => {
        inGroup(azure.accounts, options['--storage-account']!, 'Microsoft.Storage/storageAccounts');
        return (azure.containers[`${options['--storage-account']!}/${options['--name']!}`] = { name: options['--name'] });
      },
    ],
    'storage blob list': [
      ['--account-name', '--container-name', '--num-results', '--auth-mode'],
      () => {
        const end = `/storageAccounts/${options['--account-name']!}/blobServices/default/containers/${options['--container-name']!}`;
        const mayRead = azure.assignments.some(({ scope, principalId }) => scope.endsWith(end) && principalId === self);
        if (options['--auth-mode'] !== 'login' || !mayRead || azure.refusals-- > 0)
          fail(
            '\nYou do not have the required permissions needed to perform this operation.\nYou may need to be assigned a role.',
          );
        return [];
      },
    ],
    'role assignment list': [
      ['--scope', '--fill-principal-name'],
      () => azure.assignments.filter(({ scope }) => scope === options['--scope']),
    ],
    'role assignment create': [
      ['--assignee-object-id', '--assignee-principal-type', '--role', '--scope'],
      () => {
        const ids: Record<string, string> = {
          'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
          'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424',
        };
        const scope = options['--scope']!;
        const [, account, container, vault, key] =
          /storageAccounts\/([^/]+)\/blobServices\/default\/containers\/([^/]+)$|vaults\/([^/]+)\/keys\/([^/]+)$/.exec(scope) ??
          [];
        const there = account === undefined ? azure.keys[`${vault!}/${key!}`] : azure.containers[`${account}/${container!}`];
        if (there === undefined) notFound(`The scope '${scope}' does not exist.`);
        const assignment = {
          scope,
          principalId: options['--assignee-object-id']!,
          principalType: options['--assignee-principal-type']!,
          roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${ids[options['--role']!]!}`,
        };
        azure.assignments.push(assignment);
        return assignment;
      },
    ],
    'keyvault show': [
      ['--name', '--resource-group'],
      () => inGroup(azure.vaults, options['--name']!, 'Microsoft.KeyVault/vaults'),
    ],
    'keyvault create': [
      [
        ...['--name', '--resource-group', '--location', '--sku', '--enable-rbac-authorization'],
        ...['--enable-purge-protection', '--retention-days', '--tags'],
      ],
      () =>
        (azure.vaults[options['--name']!] = {
          name: options['--name'],
          resourceGroup: groupOf(),
          tags: tagsOf(),
          properties: {
            enableRbacAuthorization: flag('--enable-rbac-authorization'),
            enablePurgeProtection: flag('--enable-purge-protection'),
            softDeleteRetentionInDays: Number(options['--retention-days']),
          },
        }),
    ],
    'resource show': [
      ['--ids', '--api-version'],
      () => {
        const [, group, vault, key] =
          /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)\/keys\/([^/]+)$/.exec(options['--ids']!) ??
          [];
        if (options['--ids'] !== `${providers(group!)}/Microsoft.KeyVault/vaults/${vault!}/keys/${key!}`) fail('invalid id', 2);
        return azure.keys[`${vault!}/${key!}`] ?? notFound(`The Resource 'keys/${key!}' was not found.`);
      },
    ],
    rest: [
      ['--method', '--url', '--body'],
      () => {
        const [, vault, key] = /\/vaults\/([^/]+)\/keys\/([^/]+)\?api-version=2023-07-01$/.exec(options['--url']!) ?? [];
        if (options['--method'] !== 'put' || azure.vaults[vault!] === undefined)
          fail('Not Found({"error":{"code":"ParentResourceNotFound"}})');
        return (azure.keys[`${vault!}/${key!}`] = JSON.parse(options['--body']!) as Json);
      },
    ],
    'lock list': [
      ['--resource-group', '--resource-type', '--resource-name'],
      () => azure.locks.filter(({ resource }) => resource === `${options['--resource-type']!}/${options['--resource-name']!}`),
    ],
    'lock create': [
      ['--name', '--lock-type', '--resource-group', '--resource-type', '--resource-name'],
      () => {
        const resource = `${options['--resource-type']!}/${options['--resource-name']!}`;
        const lock = { resource, name: options['--name']!, level: options['--lock-type']! };
        azure.locks.push(lock);
        return lock;
      },
    ],
    'acr login': [
      ['--name', '--expose-token'],
      () => {
        const registry = azure.registries[options['--name']!];
        if (registry === undefined) fail(`Could not connect to the registry login server '${options['--name']!}.azurecr.io'.`);
        return { loginServer: registry!.loginServer, username: '0', accessToken: registry!.token, refreshToken: registry!.token };
      },
    ],
  };

  const known = knows[command];
  if (known === undefined) fail(`'${command}' is misspelled or not recognized by the system.`, 2);
  const [needed, run] = known!;
  const noSubscription = command === 'ad signed-in-user show';
  for (const name of Object.keys(options)) {
    if (!needed.includes(name) && (name !== '--subscription' || noSubscription)) fail(`unrecognized arguments: ${name}`, 2);
  }
  for (const name of needed) if (!(name in options)) fail(`the following arguments are required: ${name}`, 2);
  if (azure.user === null) fail("Please run 'az login' to setup account.");
  const failure = azure.failures[command];
  if (failure !== undefined && failure.times-- > 0) fail(failure.stderr, failure.code);
  const answer = run();
  files.writeFileSync(file, JSON.stringify(azure));
  files.writeSync(1, azure.garbage[command] ?? JSON.stringify(answer));
}
/* eslint-enable @typescript-eslint/no-require-imports */
