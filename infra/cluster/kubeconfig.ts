import { parse } from 'yaml';

/** Application of every AKS cluster in Microsoft Entra ID, for which kubelogin asks a token. Source: AKS, kubelogin. */
const AKS_SERVER_ID = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** How kubelogin signs in. */
export type KubeloginMode = 'azurecli' | 'workloadidentity';

/**
 * A kubeconfig that holds no credential: the endpoint and authority of the cluster, and kubelogin to ask for a token when one is needed.
 *
 * @param userKubeconfig kubeconfig of a user, as Azure gives it
 * @returns the kubeconfig as JSON, or what is wrong with the one from Azure
 */
export function kubeloginKubeconfig(
  userKubeconfig: string,
  cluster: string,
  login: KubeloginMode,
): string | { readonly wrong: string } {
  const given = read(userKubeconfig) as
    | {
        readonly clusters?: readonly {
          readonly cluster?: { readonly server?: string; readonly 'certificate-authority-data'?: string };
        }[];
      }
    | null
    | undefined;
  const { server, 'certificate-authority-data': authority } = given?.clusters?.[0]?.cluster ?? {};
  if (server === undefined || authority === undefined) return { wrong: 'names no server with its certificate authority' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': authority } }],
    users: [
      {
        name: login,
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1beta1',
            command: 'kubelogin',
            args: ['get-token', '--login', login, '--server-id', AKS_SERVER_ID],
            interactiveMode: 'Never',
            provideClusterInfo: false,
            installHint: 'kubelogin signs in to AKS clusters: `npx k8s-gitops tools install` installs it.',
          },
        },
      },
    ],
    contexts: [{ name: cluster, context: { cluster, user: login } }],
    'current-context': cluster,
  });
}

/** How the name begins that `az aks get-credentials --admin` gives its user. */
const ADMIN_USER = 'clusterAdmin_';

/** Fields of a user that are credentials in themselves, of which nobody knows whose they are. Source: client-go, AuthInfo. */
const STANDING_CREDENTIALS = [
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'tokenFile',
  'password',
];

interface NamedContext {
  readonly name?: string;
  readonly context?: { readonly user?: string };
}

interface NamedUser {
  readonly name?: string;
  readonly user?: Readonly<Record<string, unknown>>;
}

/**
 * Whether a kubeconfig file may be used.
 *
 * @param context the one to use. Default: the current one
 * @returns what is wrong with it, `undefined` when nothing is
 */
export function checkKubeconfig(text: string, context?: string): string | undefined {
  const config = read(text) as
    { readonly contexts?: unknown; readonly users?: unknown; readonly 'current-context'?: string } | null | undefined;
  if (config === undefined) return 'is not YAML';
  const contexts = Array.isArray(config?.contexts) ? (config.contexts as readonly NamedContext[]) : [];
  const wanted = context ?? config?.['current-context'];
  const found = contexts.find(({ name }) => name === wanted);
  if (found === undefined) {
    const names = contexts.map(({ name }) => name).join(', ');
    return wanted === undefined
      ? 'has no current context'
      : `has no context '${wanted}' (${names === '' ? 'it has none' : `it has ${names}`})`;
  }
  const user = found.context?.user;
  if (user?.startsWith(ADMIN_USER) === true) {
    return `uses the administrator '${user}', which bypasses Microsoft Entra ID and cannot be traced to a person`;
  }
  const users = Array.isArray(config?.users) ? (config.users as readonly NamedUser[]) : [];
  const content = users.find(({ name }) => name === user)?.user;
  const standing = STANDING_CREDENTIALS.find((field) => content?.[field] !== undefined);
  return standing === undefined
    ? undefined
    : `holds a credential ('${standing}' of user '${user ?? ''}'): sign in by a program ('exec'), such as kubelogin`;
}

/** @returns the content, `undefined` when it is no YAML */
function read(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
