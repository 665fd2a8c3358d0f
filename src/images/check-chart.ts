import { z } from 'zod';
import { type Artifact, type Problem } from '../model';
import { type ArtifactProgress } from './artifact-result';
import { type ChainContext } from './chain-context';
import { readManifest } from './crane';
import { failureProblem, mismatchProblem } from './explain-failure';
import { type Resolved } from './steps';

/** Media type of the configuration of a Helm chart in a registry (Helm's documentation of OCI registries). */
const HELM_CONFIG = 'application/vnd.cncf.helm.config.v1+json';

const chartManifest = z.object({ config: z.object({ mediaType: z.literal(HELM_CONFIG) }) });

/** Whether a manifest is that of a Helm chart. */
export function isHelmChart(manifest: Buffer): boolean {
  try {
    return chartManifest.safeParse(JSON.parse(manifest.toString('utf8'))).success;
  } catch {
    return false;
  }
}

/** Charts are not scanned, so what is declared as one has to be one. */
export async function checkChart(
  context: ChainContext,
  { artifact, digest, upstream }: Resolved,
  progress: ArtifactProgress,
): Promise<boolean> {
  if (artifact.kind !== 'chart') return true;
  const manifest = await readManifest(context.caller, upstream);
  if (manifest.state === 'present' && manifest.digest === digest && isHelmChart(manifest.content)) return true;
  progress.fail('upstream', problemOf());
  return false;

  function problemOf(): Problem {
    if (manifest.state === 'unknown') {
      return failureProblem(context, artifact, `reading ${upstream}`, { tool: 'crane', args: [] }, manifest.result);
    }
    if (manifest.state === 'present' && manifest.digest !== digest) {
      return mismatchProblem(context, artifact, `${upstream} was changed`, { expected: digest, found: manifest.digest });
    }
    if (manifest.state === 'present') return notAChart(context, artifact, upstream);
    return {
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: there is no ${upstream}`,
      remedy: 'Choose a version that is published.',
    };
  }
}

export const notAChart = (context: ChainContext, artifact: Artifact, reference: string): Problem => ({
  location: context.locate(artifact, 'digest'),
  message: `${artifact.kind} ${artifact.name}: ${reference} is no Helm chart, and nothing but a chart is released without a scan`,
  remedy: "Declare it under 'mirror' without 'oci://', so that it is scanned as an image, and run `npx k8s-gitops upgrade`.",
});
