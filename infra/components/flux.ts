import { type local } from '@pulumi/command';
import { CustomResource } from '@pulumi/kubernetes/apiextensions/customResource';
import { Release } from '@pulumi/kubernetes/helm/v3/release';
import { type Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import {
  FLUX_INSTANCE_NAME,
  FLUX_NAMESPACE,
  fluxInstanceSpec,
  operatorValues,
  platformMetadata,
  syncPath,
  type IdentityRole,
} from '../../manifests/builders';
import { OPERATOR, UNRESOLVED, type Environment, type Platform } from '../../src/model';
import { platformCommand } from '../azure/platform-command';

/** Seconds for which the pre-flight waits for what is missing: the first time, somebody has to entitle identities that were just made. */
const PREFLIGHT_PATIENCE_SECONDS = 600;

/** Time for pods to be scheduled, for images to be pulled, and for the first sync. */
const READY_TIMEOUT = '15m';

export interface FluxArgs {
  readonly platform: Platform;
  readonly environment: Environment;
  /** Host of the registry, not known before the chart is in it: what is known is looked for, in a preview too. */
  readonly chartRegistry: pulumi.Input<string>;
  /** The managed identities that there are. */
  readonly identities: Readonly<Partial<Record<IdentityRole, FluxIdentity>>>;
  /** What has to be there before the operator is installed: its image and chart, and who may pull them. */
  readonly operatorReady: readonly pulumi.Resource[];
  /** What has to be there before Flux can sync: the federated credentials. */
  readonly syncReady: readonly pulumi.Resource[];
  readonly provider: Provider;
}

/** A managed identity, as Flux needs it. */
export interface FluxIdentity {
  readonly clientId: pulumi.Input<string>;
  readonly principalId: pulumi.Input<string>;
}

/** The Flux Operator, and the FluxInstance that makes it install Flux and sync this repository. */
export class Flux extends pulumi.ComponentResource {
  /** What has to be there before something is put into Flux's namespace. */
  public readonly namespaceReady: readonly pulumi.Resource[];

  public constructor(name: string, args: FluxArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:platform:Flux', name, {}, options);
    const operator = this.installOperator(args);
    this.namespaceReady = [operator];
    const preflight = this.checkFirst(args);
    const metadata = platformMetadata(FLUX_INSTANCE_NAME);
    new CustomResource(
      'flux-instance',
      {
        apiVersion: 'fluxcd.controlplane.io/v1',
        kind: 'FluxInstance',
        metadata: {
          ...metadata,
          // Without it nothing is awaited; the condition counts only when it is about this generation.
          annotations: { 'pulumi.com/waitFor': 'condition=Ready' },
        },
        spec: this.spec(args),
      },
      {
        parent: this,
        provider: args.provider,
        dependsOn: [operator, preflight, ...args.syncReady],
        customTimeouts: { create: READY_TIMEOUT, update: READY_TIMEOUT },
      },
    );
    this.registerOutputs({});
  }

  private installOperator({ platform, environment, chartRegistry, operatorReady, provider }: FluxArgs): Release {
    const { target, tag, digest } = platform.lock.charts[OPERATOR]!;
    // Whoever may push can push the tag again; the digest in the lock is what was verified.
    const pin = digest === UNRESOLVED ? '' : `@${digest}`;
    return new Release(
      'flux-operator',
      {
        name: OPERATOR,
        namespace: FLUX_NAMESPACE,
        createNamespace: true,
        chart: pulumi.interpolate`oci://${chartRegistry}/${target}${pin}`,
        version: tag,
        values: { ...operatorValues(platform, environment) },
        atomic: true,
        cleanupOnFail: true,
        maxHistory: 5,
        timeout: 600,
      },
      { parent: this, provider, dependsOn: [...operatorReady] },
    );
  }

  /** What cannot become Ready is found out before it is waited for. */
  private checkFirst({ platform, environment, identities, syncReady }: FluxArgs): local.Command {
    const principals = (['reader', 'writer'] as const).flatMap((role) => {
      const identity = identities[role];
      return identity === undefined ? [] : [`--${role}-principal`, identity.principalId];
    });
    return platformCommand(
      'preflight',
      {
        commands: [['preflight', '--env', environment.name, ...principals, '--wait', String(PREFLIGHT_PATIENCE_SECONDS)]],
        triggers: [platform.git.url, environment.branch, syncPath(environment), ...principals],
      },
      { parent: this, dependsOn: [...syncReady] },
    );
  }

  /** Only the patches wait for the identities, so that a preview shows the rest. */
  private spec({ platform, environment, identities }: FluxArgs): object {
    const clientIds = pulumi.output({ reader: identities.reader?.clientId, writer: identities.writer?.clientId });
    return {
      ...fluxInstanceSpec(platform, environment, {}),
      kustomize: clientIds.apply((known) => fluxInstanceSpec(platform, environment, known).kustomize),
    };
  }
}
