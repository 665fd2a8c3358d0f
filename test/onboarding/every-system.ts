import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Platform, type SystemSummary } from '../../src/model';
import { scaffoldSystem, type ScaffoldFile } from '../../src/onboarding';
import { loadPlatform } from '../support/load-platform';
import { FIXTURES, platformFolder, REPOSITORY, wholePlatformFolder } from '../support/platform-folder';

/** Fixtures that have, between them, every pattern, release and registration, and hosts of all kinds. */
export const FIXTURE_NAMES = [
  'base',
  'classic',
  'example',
  ...fs.readdirSync(path.join(FIXTURES, 'valid')).map((name) => `valid/${name}`),
  ...fs.readdirSync(path.join(FIXTURES, 'scaffold')).map((name) => `scaffold/${name}`),
].sort();

const platforms = new Map<string, Platform>();

/** The platform of a name in {@link FIXTURE_NAMES}, loaded once. */
export function fixturePlatform(name: string): Platform {
  const loaded = platforms.get(name) ?? loadFixture(name);
  platforms.set(name, loaded);
  return loaded;
}

function loadFixture(name: string): Platform {
  if (name === 'example') return loadPlatform(REPOSITORY);
  if (name === 'classic') return loadPlatform(wholePlatformFolder(name));
  return loadPlatform(platformFolder(name === 'base' ? undefined : name));
}

/** Each repository of a system, with its files. */
export function repositoriesOf(platform: Platform, system: SystemSummary): ReadonlyMap<string, readonly ScaffoldFile[]> {
  const names = platform.environments.flatMap(({ systems }) =>
    systems.flatMap(({ name, registration, names: { repository } }) =>
      name === system.name ? [registration?.git.repository ?? repository] : [],
    ),
  );
  return new Map(
    [...new Set(names)].map((repository) => {
      const result = scaffoldSystem(platform, system, { repository });
      if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join('\n'));
      return [repository, result.files];
    }),
  );
}
