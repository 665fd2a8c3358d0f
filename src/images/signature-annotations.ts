import { type Artifact } from '../model';
import { type ChainContext } from './chain-context';
import { type Annotations } from './cosign';

type Circumstances = Pick<ChainContext, 'environment' | 'platform'>;

/**
 * What our signature says: the repository, because a signature can be copied to another one together with the image; and for an image,
 * how it was scanned.
 */
export function signedAnnotations({ environment, platform }: Circumstances, { kind, target }: Artifact): Annotations {
  return {
    repository: target,
    ...(kind === 'chart' ? {} : { scan: environment.scan, platform: platform.supplyChain.scanPlatform }),
  };
}

/** What a signature has to say here: where scans are enforced, a signature after an audited one, or of another platform, is not enough. */
export function requiredAnnotations(circumstances: Circumstances, artifact: Artifact): Annotations {
  const { repository, ...scan } = signedAnnotations(circumstances, artifact);
  return { repository: repository!, ...(circumstances.environment.scan === 'enforce' ? scan : {}) };
}
