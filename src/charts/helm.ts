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

/** An endless recursion of templates repeats itself. */
const LONGEST_MESSAGE = 1000;

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

  /** The manifests that a release would install. */
  public async render(request: RenderRequest): Promise<{ readonly manifests: string } | { readonly failure: string }> {
    const { releaseName, namespace, chart, valuesFiles, kubernetesVersion, apiVersions } = request;
    const result = await this.run([
      'template',
      `--namespace=${namespace}`,
      `--kube-version=${kubernetesVersion}`,
      '--include-crds',
      '--skip-tests',
      ...apiVersions.map((version) => `--api-versions=${version}`),
      ...valuesFiles.map((file) => `--values=${file}`),
      // What a repository says is never an option.
      '--',
      releaseName,
      chart,
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
  if (said === '') return failure ?? 'helm failed without a word';
  return said.length > LONGEST_MESSAGE ? `${said.slice(0, LONGEST_MESSAGE)} …` : said;
}
