import { REGISTRY_PREFIX, type Platform } from '../../model';

/**
 * Ids of the vulnerabilities that `scan-exceptions.yaml` accepts today in an application's image, in order. An exception for one package counts
 * whole: what signs the image looks again, at the package too.
 *
 * @param repository repository of the image, without the registry
 */
export function acceptedFindings({ scanExceptions }: Platform, repository: string, today: Date): readonly string[] {
  const date = today.toISOString().slice(0, 10);
  const accepted = scanExceptions.filter(
    ({ images, expires }) => images.includes(`${REGISTRY_PREFIX}${repository}`) && date <= expires,
  );
  return [...new Set(accepted.map(({ vulnerability }) => vulnerability))].sort();
}
