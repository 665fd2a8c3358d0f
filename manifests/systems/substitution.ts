import { type Environment, type System } from '../../src/model';

/**
 * What the system's own HelmRelease may use as `${sku}` and so on, so that these facts are decided in the registration and not in the
 * team's repository. None for a system without them: substitution would touch every `${...}` in its manifests.
 */
export function substitutionFor({ sku, aadGroupId }: System, environment: Environment): Readonly<Record<string, string>> | undefined {
  if (sku === undefined && aadGroupId === undefined) return undefined;
  return {
    environment: environment.name,
    registry: environment.registry.loginServer,
    ...(sku === undefined ? {} : { sku }),
    ...(aadGroupId === undefined ? {} : { aadGroupId }),
  };
}
