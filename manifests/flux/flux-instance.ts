import { Construct } from 'constructs';
import { type Environment, type Platform } from '../../src/model';
import { FluxInstance as FluxInstanceResource, type FluxInstanceSpec } from '../imports/fluxcd.controlplane.io';
import { PENDING_ANNOTATION, platformMetadata } from '../labels';
import { FLUX_INSTANCE_NAME, fluxInstanceSpec, pendingIdentities, type ClientIds } from './flux-instance-spec';

export interface FluxInstanceProps {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly clientIds: ClientIds;
}

/** The FluxInstance of an environment: which Flux runs, and what it syncs. */
export class FluxInstance extends Construct {
  public constructor(scope: Construct, id: string, { platform, environment, clientIds }: FluxInstanceProps) {
    super(scope, id);
    const pending = pendingIdentities(platform, environment, clientIds);
    new FluxInstanceResource(this, 'Resource', {
      metadata: {
        ...platformMetadata(FLUX_INSTANCE_NAME),
        ...(pending.length === 0 ? {} : { annotations: { [PENDING_ANNOTATION]: `client id of ${pending.join(', ')}` } }),
      },
      // The generated enums are the same texts; a cast keeps the builder free of cdk8s.
      spec: fluxInstanceSpec(platform, environment, clientIds) as unknown as FluxInstanceSpec,
    });
  }
}
