import { SYSTEM_LABEL } from '../../manifests';
import { type Problem } from '../model';
import { type ManifestDocument } from './manifest-file';

/** A system's objects in an environment where the model has no such system: a generated file whose first line was removed stays. */
export function strayNotes({ content, locator }: ManifestDocument, systems: ReadonlySet<string>): readonly Problem[] {
  const { metadata } = content as { metadata?: { labels?: Readonly<Record<string, unknown>> | null } | null };
  const system = metadata?.labels?.[SYSTEM_LABEL];
  if (typeof system !== 'string' || systems.has(system)) return [];
  return [
    {
      location: locator.locate(['metadata', 'labels', SYSTEM_LABEL]),
      message: `belongs to system '${system}', which the model does not have in this environment`,
      remedy: 'Delete the file if the system is gone: synthesis does not touch files without the generated marker.',
    },
  ];
}
