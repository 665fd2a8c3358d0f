import { type local } from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { artifactsOf, azureKmsAddress, UNRESOLVED, type Environment, type Platform } from '../../src/model';
import { ACCESS_PATIENCE_SECONDS, platformCommand } from '../azure/platform-command';

export interface MirroredImagesArgs {
  readonly platform: Platform;
  readonly environment: Environment;
  /** Key identifier that signs before the outputs record one. @default - the recorded keys sign */
  readonly keyId?: pulumi.Input<string>;
  /** Folder with the credentials of the registry, relative to the platform folder. */
  readonly dockerConfig: pulumi.Input<string>;
  /** What has to be there before anything can be pushed and signed. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Every image and chart of the environment in its registry: verified upstream, scanned, mirrored, signed, verified again.
 *
 * It brings the databases of the scanner along. It stands between the registry with its keys and whatever pulls from it, runs again when the lock says other digests, and does nothing
 * when all is there.
 */
export class MirroredImages extends pulumi.ComponentResource {
  /** Waits until everything is there. */
  public readonly release: local.Command;

  public constructor(
    name: string,
    { platform, environment, keyId, dockerConfig, ready }: MirroredImagesArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super('k8s-gitops:platform:MirroredImages', name, {}, options);
    const digests = artifactsOf(platform, environment).map(
      ({ target, tag, digest }) => `${target}:${tag}@${digest ?? UNRESOLVED}`,
    );
    const key = keyId === undefined ? [] : ['--key', pulumi.output(keyId).apply((id) => azureKmsAddress(id)!)];
    const access = ['--docker-config', dockerConfig, '--wait-for-access', String(ACCESS_PATIENCE_SECONDS)];
    const recordedKeys = keyId === undefined ? signingKeysOf(platform, environment) : [];
    this.release = platformCommand(
      name,
      {
        // Scans look for their databases in the registry, which is empty at first; before every release they are brought up to date.
        commands: [
          ['images', 'databases', '--env', environment.name, ...access],
          ['images', 'release', '--env', environment.name, ...key, ...access],
        ],
        triggers: [environment.registry.loginServer, ...digests, ...(keyId === undefined ? recordedKeys : [keyId])],
      },
      { parent: this, dependsOn: [...ready], customTimeouts: { create: '2h', update: '2h' } },
    );
    this.registerOutputs({});
  }
}

/** The recorded keys that sign: another one signs everything again. */
function signingKeysOf(platform: Platform, environment: Environment): readonly string[] {
  const owner = environment.vault.sharedWith ?? environment.name;
  const keys = platform.environments.find(({ name }) => name === owner)?.outputs?.signingKeys?.platform ?? [];
  return keys.filter(({ use }) => use === 'sign').map(({ id }) => id);
}
