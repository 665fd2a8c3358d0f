import { type ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { HelmRelease } from '../imports/helm.toolkit.fluxcd.io';
import {
  Kustomization as KustomizationResource,
  KustomizationSpecSourceRefKind,
  type KustomizationSpec,
} from '../imports/kustomize.toolkit.fluxcd.io';

export interface KustomizationProps {
  /** Name, namespace, labels. */
  readonly metadata: ApiObjectMetadata;
  /** Name of the GitRepository, in the same namespace. */
  readonly gitRepository: string;
  /** Folder in the repository. */
  readonly path: string;
  /** Flux duration between two applies. @default 5m */
  readonly interval?: string;
  /** Flux duration until it counts as failed. @default - the interval */
  readonly timeout?: string;
  /** Whether it is ready only when all its objects are. @default false */
  readonly wait?: boolean;
  /** Name of a HelmRelease, in the same namespace, that has to be ready in place of all objects. @default - none */
  readonly waitForHelmRelease?: string;
  /** Names of Kustomizations, in the same namespace, that have to be ready first. @default - none */
  readonly dependsOn?: readonly string[];
  /** Variables that replace `${name}` in the manifests; every variable used there must be among them. @default - no substitution */
  readonly substitute?: Readonly<Record<string, string>>;
  /** Whether Flux stops applying. @default false */
  readonly suspend?: boolean;
}

/** A folder of a Git repository that Flux's kustomize-controller applies, and prunes what disappeared from it. */
export class Kustomization extends Construct {
  public constructor(scope: Construct, id: string, props: KustomizationProps) {
    super(scope, id);
    const dependsOn = props.dependsOn ?? [];
    new KustomizationResource(this, 'Resource', {
      metadata: props.metadata,
      spec: {
        interval: props.interval ?? '5m',
        // A failure is usually mended in Git or passes by itself: look again sooner than at the next interval.
        retryInterval: '1m',
        timeout: props.timeout,
        path: props.path,
        prune: true,
        sourceRef: { kind: KustomizationSpecSourceRefKind.GIT_REPOSITORY, name: props.gitRepository },
        ...readinessOf(props),
        dependsOn: dependsOn.length === 0 ? undefined : dependsOn.map((name) => ({ name })),
        postBuild: props.substitute === undefined ? undefined : { substitute: { ...props.substitute } },
        suspend: props.suspend === true ? true : undefined,
      },
    });
  }
}

/** With `wait`, Flux ignores `healthChecks`, which alone reach objects outside the Kustomization. */
function readinessOf({
  metadata,
  wait,
  waitForHelmRelease,
}: KustomizationProps): Pick<KustomizationSpec, 'wait' | 'healthChecks'> {
  if (wait !== true) return {};
  if (waitForHelmRelease === undefined) return { wait: true };
  const { apiVersion, kind } = HelmRelease.GVK;
  return { healthChecks: [{ apiVersion, kind, name: waitForHelmRelease, namespace: metadata.namespace }] };
}
