import { type Problem } from '../model';
import { type Findings } from './finding';

/** What kustomize takes for instructions and not for a manifest. */
export const isKustomization = (file: string): boolean => /\/(?:kustomization\.ya?ml|Kustomization)$/.test(file);

/** In the synced folder itself it would hide the generated files; below, Flux builds the folder as it says. */
export function kustomizationFindings(file: string): Findings {
  const inSyncedFolder = /^clusters\/[^/]+\/systems\/[^/]+$/.test(file);
  const finding: Problem = inSyncedFolder
    ? {
        location: { file },
        message: 'is a kustomization, with which Flux would apply only what it lists and prune the generated files beside it',
        remedy: 'Remove it: Flux applies every manifest of the folder without one.',
      }
    : {
        location: { file },
        message: 'is a kustomization: it decides what of its folder is applied, and was not built here',
        remedy: 'Build it with `kustomize build` to see what Flux will apply.',
      };
  return inSyncedFolder ? { problems: [finding], notes: [] } : { problems: [], notes: [finding] };
}
