import { Construct } from 'constructs';
import { type Environment, type Registration, type System } from '../../src/model';
import { GitRepository } from '../flux/git-repository';
import { Kustomization } from '../flux/kustomization';
import { systemMetadata } from '../labels';
import { substitutionFor } from './substitution';

export interface SystemRegistrationProps {
  readonly environment: Environment;
  readonly system: System;
  readonly registration: Registration;
}

/** A system's repository and the folder in it that Flux applies in one environment. */
export class SystemRegistration extends Construct {
  public constructor(scope: Construct, id: string, { environment, system, registration }: SystemRegistrationProps) {
    super(scope, id);
    const { names, suspend } = system;
    new GitRepository(this, 'Source', {
      metadata: systemMetadata(system, names.gitRepository),
      address: registration.git,
      branch: registration.branch,
      interval: registration.pollInterval,
      // What is announced to go deploys no more. Its Kustomization stays active: Flux prunes nothing of a suspended one that is removed.
      suspend: suspend || system.removal !== undefined,
    });
    new Kustomization(this, 'Apply', {
      metadata: systemMetadata(system, names.kustomization),
      gitRepository: names.gitRepository,
      path: registration.path,
      interval: registration.interval,
      timeout: registration.timeout,
      wait: registration.wait,
      // The HelmRelease of the platform stands beside the registration, not in what it applies.
      waitForHelmRelease: system.helmRelease === undefined ? undefined : names.helmRelease,
      dependsOn: system.dependsOn.flatMap(({ kustomization }) => (kustomization === undefined ? [] : [kustomization])),
      substitute: substitutionFor(system, environment),
      suspend,
    });
  }
}
