import { LOCK_FILE, YamlFile, type Artifact, type Location, type Platform } from '../model';

/** Finds where the lock has an artifact; the lock was read already, so it can be read again. */
export function artifactLocator({ directory }: Platform): (artifact: Artifact, field: 'digest' | 'signer') => Location {
  const yaml = YamlFile.read(directory, LOCK_FILE);
  return ({ kind, name }, field) =>
    yaml instanceof YamlFile ? yaml.locate([kind === 'image' ? 'images' : 'charts', name, field]) : { file: LOCK_FILE };
}
