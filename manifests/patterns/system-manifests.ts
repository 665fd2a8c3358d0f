import { type Environment, type System } from '../../src/model';
import { FLUX_NAMESPACE, SYSTEM_LABEL, type ObjectMetadata } from '../labels';
import { manifestText } from '../manifest-text';
import { OwnChartRelease } from './own-chart-release';
import { PlatformAppRelease, type SubstitutedAppValues } from './platform-app-release';
import { PlatformTenantRelease, tenantReleaseName } from './platform-tenant-release';
import { type ReleaseProps } from './release-props';

/** Whether the registration of a system decides about a tenant; Flux then fills in variables in the manifests of the system's repository. */
export const hasTenant = ({ sku, aadGroupId }: System): boolean => sku !== undefined || aadGroupId !== undefined;

/** The HelmRelease of pattern B in a system's repository, as YAML. */
export function platformAppManifest(
  { platformCharts }: Environment,
  system: System,
  values: Omit<SubstitutedAppValues, 'sku' | 'aadGroupId'>,
): string {
  return manifestText((chart) => {
    const facts = { sku: '${sku}', aadGroupId: '${aadGroupId}' } as const;
    new PlatformAppRelease(chart, 'Release', { ...releaseOf(system), platformCharts, values: { ...values, ...facts } });
  });
}

/** The HelmRelease of pattern A in a system's repository, as YAML; it waits for the tenant where the system has one. */
export function ownChartManifest({ name }: Environment, system: System): string {
  const { names } = system;
  return manifestText((chart) => {
    new OwnChartRelease(chart, 'Release', {
      ...releaseOf(system),
      gitRepository: names.gitRepository,
      environment: name,
      createNamespace: !hasTenant(system),
      dependsOn: hasTenant(system) ? [tenantReleaseName(names.helmRelease)] : [],
    });
  });
}

/** The HelmRelease of a tenant in a system's repository, as YAML. */
export function tenantManifest({ platformCharts }: Environment, system: System): string {
  const { sku, aadGroupId } = system;
  return manifestText((chart) => {
    new PlatformTenantRelease(chart, 'Tenant', {
      ...releaseOf(system, tenantReleaseName(system.names.helmRelease)),
      platformCharts,
      values: {
        ...(sku === undefined ? {} : { sku: '${sku}' }),
        ...(aadGroupId === undefined ? {} : { aadGroupId: '${aadGroupId}' }),
      },
    });
  });
}

function releaseOf(system: System, name = system.names.helmRelease): ReleaseProps {
  return { metadata: ownMetadata(system, name), releaseName: name, targetNamespace: system.names.namespace };
}

/** Of an object that a team keeps: nothing in it says that it is generated. */
function ownMetadata({ name: system, team }: System, name: string): ObjectMetadata {
  return { name, namespace: FLUX_NAMESPACE, labels: { [SYSTEM_LABEL]: system, 'k8s-gitops/team': team } };
}
