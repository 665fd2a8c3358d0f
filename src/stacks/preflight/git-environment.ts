/** What a call of Git has to know of the server. */
export interface GitServer {
  readonly url: string;
  /** Token that the server takes as bearer. @default - Git signs in as the user has set it up */
  readonly token?: string;
}

/** Variables by which Git would work on another repository, or would write down what it sends. */
const LEADS_ELSEWHERE =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|SHALLOW_FILE|CURL_VERBOSE|TRACE.*)$/;

/**
 * The variables of Git: the user's own, so that credential helpers and proxies work, but nothing that asks.
 *
 * @param repository the repository that Git works in
 */
export function gitEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  server: GitServer,
  repository: string,
): Record<string, string | undefined> {
  const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !LEADS_ELSEWHERE.test(name)));
  return {
    ...kept,
    GIT_DIR: repository,
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    SSH_ASKPASS_REQUIRE: 'never',
    GIT_ALLOW_PROTOCOL: allowedProtocols(server.url),
    // What Git says is read here.
    LC_ALL: 'C',
    LANGUAGE: 'C',
    ...(server.token === undefined ? {} : signIn(server.url, server.token, environment['GIT_CONFIG_COUNT'])),
  };
}

/** What the model lets a repository be reached by; unencrypted only where nobody else listens. */
function allowedProtocols(url: string): string {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost') ? 'https:ssh:http' : 'https:ssh';
}

/** The token as configuration in variables, so that it stands on no command line; for this address alone, and for no redirect. */
function signIn(url: string, token: string, count: string | undefined): Record<string, string> {
  const given = Number(count ?? 0);
  const first = Number.isSafeInteger(given) && given > 0 ? given : 0;
  const entries = [
    // An empty value drops headers that are set already: two of them would be refused.
    ['extraHeader', ''],
    ['extraHeader', `Authorization: Bearer ${token}`],
    ['followRedirects', 'false'],
  ] as const;
  return {
    GIT_CONFIG_COUNT: String(first + entries.length),
    ...Object.fromEntries(
      entries.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${first + index}`, `http.${url}.${name}`],
        [`GIT_CONFIG_VALUE_${first + index}`, value],
      ]),
    ),
  };
}
