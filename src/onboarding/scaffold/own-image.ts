import { mirrorTarget, parseMirrorReference, type Platform, type System } from '../../model';
import { imageRepository } from './image-repository';
import { buildsImage, FIRST_TAG } from './release-kind';

/** The image that a system runs, without the registry. */
export interface OwnImage {
  readonly repository: string;
  readonly tag: string;
}

/** The image that the repository builds, otherwise the first that the platform mirrors for the system. */
export function ownImage({ lock }: Platform, system: System): OwnImage {
  const mirrored = system.mirror.map(parseMirrorReference).find(({ kind }) => kind === 'image');
  if (buildsImage(system) || mirrored === undefined) return { repository: imageRepository(system), tag: FIRST_TAG };
  const { name, repository, tag } = mirrored;
  const locked = Object.hasOwn(lock.images, name) ? lock.images[name] : undefined;
  return { repository: locked?.target ?? mirrorTarget(repository), tag };
}
