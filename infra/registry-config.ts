import * as path from 'node:path';
import { type Environment, type StackSettings } from '../src/model';

/** Folder below the platform folder for credentials that live as long as one run; Git ignores it. */
export const CREDENTIALS_FOLDER = '.registry-credentials';

/** A path relative to the platform folder, as Pulumi's providers find it, which run in `infra/`; an absolute one as it is. */
export const pathFromProgram = (file: string): string => (path.isAbsolute(file) ? file : path.posix.join('..', file));

/** Where the credentials of the registry stand. */
export interface RegistryConfigFile {
  /** Folder relative to the platform folder, from where `k8s-gitops` runs. */
  readonly folder: string;
  /** Its config.json, relative to `infra/`, where Pulumi's providers run. */
  readonly file: string;
}

/**
 * The file that Helm, crane and cosign read: relative, so that no path of one machine gets into the state and differs on the next.
 */
export function registryConfigFile(
  environment: Pick<Environment, 'name'>,
  settings: Pick<StackSettings, 'dockerConfig'>,
): RegistryConfigFile {
  const folder = settings.dockerConfig ?? `${CREDENTIALS_FOLDER}/${environment.name}`;
  return { folder, file: pathFromProgram(`${folder}/config.json`) };
}
