import { APP_CHART, isRecord, recordAt, type Environment, type Problem } from '../model';
import { type ReleaseAtHand } from './release-at-hand';

/** The registry is the only source of images in a cluster; what values of the central chart name is known without helm. */
export function checkImages({ name, registry }: Environment, releases: readonly ReleaseAtHand[]): readonly Problem[] {
  return releases
    .filter(({ central }) => central === APP_CHART)
    .flatMap(({ values, location, system }) =>
      imagesOf(values)
        .filter((image) => !isInRegistry(image, registry))
        .map((image) => {
          const [message, remedy] = foreignImage(image, registry);
          return { location, message: `${system.name} in ${name} ${message}`, remedy };
        }),
    );
}

type Registry = Pick<Environment['registry'], 'loginServer'>;

/** Whether an image comes from a registry. */
export const isInRegistry = (image: string, { loginServer }: Registry): boolean => image.startsWith(`${loginServer}/`);

/** What is wrong with an image of elsewhere, and what to do. */
export function foreignImage(image: string, { loginServer }: Registry): readonly [message: string, remedy: string] {
  return [
    `runs the image '${image}', which is not in the registry of the environment, ${loginServer}`,
    "Have it mirrored ('mirror' in the registration), and name it in the registry, '${registry}/...'.",
  ];
}

function imagesOf(values: Readonly<Record<string, unknown>>): readonly string[] {
  const containers = ['sidecars', 'initContainers'].flatMap((list) => {
    const entries = values[list];
    return Array.isArray(entries) ? entries.filter(isRecord).map(({ image }) => image) : [];
  });
  return [recordAt(values, 'image')['repository'], ...containers].filter((image) => typeof image === 'string');
}
