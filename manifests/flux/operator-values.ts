import { OPERATOR, UNRESOLVED, type Environment, type Platform } from '../../src/model';

/** Values of the `flux-operator` Helm chart, as far as this platform sets them; everything else keeps the chart's default. */
export interface OperatorValues {
  readonly image: {
    /** Repository in the private registry. */
    readonly repository: string;
    /** Tag, with the digest appended once it is resolved; the chart puts both behind the repository. */
    readonly tag: string;
  };
  /** The Flux Status Web UI, off unless asked for. */
  readonly web: { readonly enabled: boolean };
}

/** The values with which the operator is installed in an environment. Pure, for the committed file and the Pulumi program. */
export function operatorValues(platform: Platform, environment: Environment): OperatorValues {
  const { target, tag, digest } = platform.lock.images[OPERATOR]!;
  return {
    image: {
      repository: `${environment.registry.loginServer}/${target}`,
      tag: digest === UNRESOLVED ? tag : `${tag}@${digest}`,
    },
    web: { enabled: platform.flux.web },
  };
}
