import { z } from 'zod';
import { type Artifact, type Problem } from '../model';
import { type ArtifactProgress } from './artifact-result';
import { type ChainContext } from './chain-context';
import { readManifest, type Manifest } from './crane';
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
export async function checkChart(context: ChainContext, resolved: Resolved, progress: ArtifactProgress): Promise<boolean> {
  if (resolved.artifact.kind !== 'chart') return true;
  const problem = chartProblem(context, resolved, await readManifest(context.caller, resolved.upstream));
  if (problem !== undefined) progress.fail('upstream', problem);
  return problem === undefined;
}

function chartProblem(context: ChainContext, { artifact, digest, upstream }: Resolved, manifest: Manifest): Problem | undefined {
  switch (manifest.state) {
    case 'unknown':
      return failureProblem(context, artifact, `reading ${upstream}`, 'crane', manifest.result);
    case 'absent':
      return {
        location: context.locate(artifact, 'digest'),
        message: `${artifact.kind} ${artifact.name}: there is no ${upstream}`,
        remedy: 'Choose a version that is published.',
      };
    case 'present': {
      const { digest: found, content } = manifest;
      if (found !== digest) return mismatchProblem(context, artifact, `${upstream} was changed`, { expected: digest, found });
      return isHelmChart(content) ? undefined : notAChart(context, artifact, upstream);
    }
  }
}

export const notAChart = (context: ChainContext, artifact: Artifact, reference: string): Problem => ({
  location: context.locate(artifact, 'digest'),
  message: `${artifact.kind} ${artifact.name}: ${reference} is no Helm chart, and nothing but a chart is released without a scan`,
  remedy: "Declare it under 'mirror' without 'oci://', so that it is scanned as an image, and run `npx k8s-gitops upgrade`.",
});
