import { Document } from 'yaml';
import { azureDevOpsProject, reachable, type Platform, type Problem } from '../model';

/** Begins what is generated; a comment on a line of its own. */
export const BEGIN_MARK = '# BEGIN of what `npm start` writes';

/** Ends what is generated. */
export const END_MARK = '# END of what `npm start` writes';

/** Trivy's databases, for the scan before anything is pushed. */
const DATABASES = {
  vulnerabilityDatabase: 'ghcr.io/aquasecurity/trivy-db:2',
  javaDatabase: 'ghcr.io/aquasecurity/trivy-java-db:1',
} as const;

/** What Azure Pipelines replaces in texts, and what would end one. */
const NOT_LITERAL = /\$\{\{|\$\(|\$\[|'/;

/**
 * The template of applications' pipelines with what the platform decides between its markers: where the platform is, and of each environment
 * registry, service connection and agents. A team's file cannot say any of it.
 *
 * @param file of the template, relative to the platform folder
 * @param text of the template
 */
export function withPlatformFacts(file: string, text: string, platform: Platform): string | Problem {
  const lines = text.split('\n');
  const positions = [BEGIN_MARK, END_MARK].map((mark) => lines.flatMap((line, index) => (line.trim() === mark ? [index] : [])));
  const [[begin, ...moreBegins], [end, ...moreEnds]] = positions as [number[], number[]];
  if (begin === undefined || end === undefined || end < begin || moreBegins.length + moreEnds.length > 0) {
    return {
      location: { file },
      message: `needs the lines '${BEGIN_MARK}' and '${END_MARK}', each once and in this order`,
      remedy:
        'Put them back where the parameters of application-stages.yaml are given: the environments are written between them.',
    };
  }
  const facts = platformFacts(platform);
  const unsafe = textsIn(facts).find((value) => NOT_LITERAL.test(value));
  if (unsafe !== undefined) {
    return {
      location: { file },
      message: `'${unsafe}' would stand in the template, and Azure Pipelines would take a part of it for something else`,
      remedy: "Choose names without ', $(, $[ and ${{.",
    };
  }
  const indent = lines[begin]!.slice(0, lines[begin]!.indexOf('#'));
  const generated = new Document(facts).toString({ lineWidth: 0, singleQuote: true }).trimEnd().split('\n');
  return [...lines.slice(0, begin + 1), ...generated.map((line) => indent + line), ...lines.slice(end)].join('\n');
}

type Facts = Readonly<Record<string, string>>;

function platformFacts(platform: Platform): { readonly platform: Facts; readonly environments: readonly Facts[] } {
  const { environments, git, supplyChain } = platform;
  const { project } = azureDevOpsProject(git);
  // By literals: an alias under `resources.repositories` would be whatever the file says that extends the template.
  const checkout = (branch: string): string => `git://${project}/${git.repository}@refs/heads/${branch}`;
  return {
    platform: {
      project,
      repository: git.repository,
      checkout: checkout(environments.at(-1)!.branch),
      pool: environments[0]!.names.agentPool,
      ...Object.fromEntries(
        Object.entries(DATABASES).map(([name, upstream]) => [name, reachable(upstream, supplyChain.registries)]),
      ),
    },
    environments: environments.map(({ name, branch, names, registry }) => ({
      name,
      branch,
      checkout: checkout(branch),
      registry: registry.loginServer,
      connection: names.signingServiceConnection,
      pool: names.agentPool,
    })),
  };
}

const textsIn = ({ platform, environments }: ReturnType<typeof platformFacts>): readonly string[] =>
  [platform, ...environments].flatMap((facts) => Object.values(facts));
