import * as fs from 'node:fs';
import * as path from 'node:path';
import { locateTool, runTool, type ToolResult } from '../tools';
import { type Problem } from '../model';

/** How helm is called. */
export interface HelmOptions {
  /** Platform folder, whose `.tools` may hold helm. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Empty folder for what helm keeps. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** What is rendered. */
export interface RenderRequest {
  readonly releaseName: string;
  readonly namespace: string;
  /** Absolute path of the chart. */
  readonly chart: string;
  /** Absolute paths, in the order in which they are merged. */
  readonly valuesFiles: readonly string[];
  readonly kubernetesVersion: string;
  /** `group/version/kind` of what the cluster has besides Kubernetes' own. */
  readonly apiVersions: readonly string[];
}

/** Rendering takes a fraction of a second; a template without end has to be stopped. */
const TIMEOUT_MILLISECONDS = 60_000;

/** The helm of this machine, kept from the network's and the user's settings. */
export class Helm {
  private constructor(
    private readonly executable: string,
    private readonly options: HelmOptions,
  ) {}

  /** @returns what is missing when there is no helm */
  public static find(options: HelmOptions): Helm | Problem {
    const tool = locateTool('helm', options.directory, options.environment);
    if (tool !== undefined) return new Helm(tool.executable, options);
    return {
      location: { file: 'charts' },
      message: 'helm is neither in .tools nor on PATH, and charts cannot be rendered without it',
      remedy: 'Run `npx k8s-gitops tools install helm`, or install it yourself.',
    };
  }

  /**
   * Brings the dependencies of a chart into its folder, where they are not there already.
   *
   * @returns why not
   */
  public async buildDependencies(chart: string): Promise<string | undefined> {
    if (!/^dependencies:/m.test(fs.readFileSync(path.join(chart, 'Chart.yaml'), 'utf8'))) return undefined;
    const listed = await this.run(['dependency', 'list', chart]);
    if (listed.code !== 0) return explain(listed);
    const fetched = [...listed.stdout.matchAll(/\s((?:https?|oci):\/\/\S+)\s+missing/g)].map(([, address]) => address);
    if (fetched.length > 0) {
      return `its dependencies of ${fetched.join(', ')} are not in its folder charts/, and nothing is fetched here`;
    }
    // A copy in charts/ of what stands beside the chart may be older than it.
    if (!listed.stdout.includes('file://')) return undefined;
    const built = await this.run(['dependency', 'update', '--skip-refresh', chart]);
    return built.code === 0 ? undefined : explain(built);
  }

  /** The manifests that a release would install. */
  public async render(request: RenderRequest): Promise<{ readonly manifests: string } | { readonly failure: string }> {
    const { releaseName, namespace, chart, valuesFiles, kubernetesVersion, apiVersions } = request;
    const result = await this.run([
      'template',
      releaseName,
      chart,
      `--namespace=${namespace}`,
      `--kube-version=${kubernetesVersion}`,
      '--include-crds',
      '--skip-tests',
      ...apiVersions.map((version) => `--api-versions=${version}`),
      ...valuesFiles.map((file) => `--values=${file}`),
    ]);
    return result.code === 0 ? { manifests: result.stdout } : { failure: explain(result) };
  }

  private run(args: readonly string[]): Promise<ToolResult> {
    const { environment, scratch, signal } = this.options;
    return runTool(this.executable, args, {
      environment: {
        PATH: environment['PATH'],
        HELM_CACHE_HOME: path.join(scratch, 'cache'),
        HELM_CONFIG_HOME: path.join(scratch, 'config'),
        HELM_DATA_HOME: path.join(scratch, 'data'),
        // Without a cluster, whatever the user is signed in to.
        KUBECONFIG: path.join(scratch, 'no-kubeconfig'),
      },
      directory: scratch,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      signal,
    });
  }
}

/** What helm says, in one line. */
function explain({ stderr, failure }: ToolResult): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:WARNING|Use --debug|coalesce\.go|walk\.go|level=)/.test(line));
  const said = lines.join(' ').replace(/^Error: /, '');
  return said === '' ? (failure ?? 'helm failed without a word') : said;
}
