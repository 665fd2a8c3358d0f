import { gitAddress, misplacedGitFields } from '../git-host';
import { type SystemNames } from '../naming';
import { type Problem } from '../problem';
import { type Source, type Sources } from '../sources';
import { type SystemFile } from '../system-file';
import { environmentsOf, gitSettingsIn, platformNamesOf, settingsIn, systemNamesIn } from '../system-settings';
import { RESERVED_NAMES } from './check-system-names';

/** Who has a name already, and where it was given. */
interface Owner {
  readonly description: string;
  /** @default - the name is derived, or the platform's own */
  readonly location?: Problem['location'];
}

/** The same object from two systems: Flux would apply one over the other. */
export function checkObjectNames({ platform, systems }: Sources): readonly Problem[] {
  const { platformChartsGitRepository: shared } = platformNamesOf(platform.content);
  return Object.keys(platform.content.environments).flatMap((environment) => {
    const owners = new Map<string, Owner>([
      ['GitRepository flux-system', { description: "Flux's own source" }],
      [`GitRepository ${shared}`, { description: 'the shared chart repository' }],
      ...['flux-system', 'admission', 'policies'].map(
        (name) => [`Kustomization ${name}`, { description: 'the platform itself' }] as const,
      ),
    ]);
    const registrations = new Map<string, string>();
    return [...systems].flatMap(([name, system]) => {
      const { yaml, content } = system;
      // Those have a problem of their own already.
      if (RESERVED_NAMES.has(name) || !environmentsOf(content, platform.content).includes(environment)) return [];
      const names = systemNamesIn(name, content, environment, platform.content);
      const problems = objectsOf(content).flatMap(([kind, key]): Problem[] => {
        const object = `${kind} ${names[key]}`;
        const location = yaml.locateKey(['names', key]);
        const owner = owners.get(object);
        if (owner === undefined) {
          owners.set(object, { description: `system '${name}' (${yaml.file})`, location });
          return [];
        }
        return [
          {
            location: location ?? owner.location ?? { file: yaml.file },
            message: `the ${kind} of system '${name}' (${yaml.file}) would be called '${names[key]}', as that of ${owner.description}`,
            remedy: `Give 'names.${key}' in one of them, or rename the file.`,
          },
        ];
      });
      return [...problems, ...sameFolder(name, system, environment)];
    });

    /** Two Kustomizations of one folder apply and prune the same objects. */
    function sameFolder(name: string, { yaml, content }: Source<SystemFile>, inEnvironment: string): readonly Problem[] {
      const settings = gitSettingsIn(content, inEnvironment, platform.content);
      if (!content.registration || misplacedGitFields(settings).length > 0) return [];
      const { url } = gitAddress(settings, systemNamesIn(name, content, inEnvironment, platform.content).repository);
      const { branch, path } = settingsIn(content, inEnvironment);
      const folder = JSON.stringify([url, branch ?? null, path ?? null]);
      const owner = registrations.get(folder);
      if (owner === undefined) {
        registrations.set(folder, `system '${name}' (${yaml.file})`);
        return [];
      }
      return [
        {
          location: yaml.locateKey(['git', 'repository']) ??
            platform.yaml.locateKey(['naming', 'repository']) ?? { file: yaml.file },
          message: `system '${name}' (${yaml.file}) applies the same folder of '${url}' as ${owner}`,
          remedy: "Give one of them another 'git.repository', 'branch' or 'path'.",
        },
      ];
    }
  });
}

/** The objects of a system whose names must not be those of another one, with the key of the name. */
function objectsOf({ registration, release, pattern }: SystemFile): readonly (readonly [kind: string, key: keyof SystemNames])[] {
  return [
    ...(registration ? ([['GitRepository', 'gitRepository'], ['Kustomization', 'kustomization']] as const) : []),
    ...(release === 'platform' ? ([['HelmRelease', 'helmRelease']] as const) : []),
    ...(pattern === 'B' ? ([['namespace', 'namespace']] as const) : []),
  ]; // prettier-ignore
}
