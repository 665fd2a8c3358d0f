import { appValues } from './app-values';
import { tenantValues } from './tenant-values';

/** The central chart that pattern B uses unless another one is named. */
export const APP_CHART = 'platform-app-chart';

/** The central chart that brings a namespace. */
export const TENANT_CHART = 'platform-tenant';

/** The schemas of the values of the central charts. */
export const CENTRAL_CHARTS = { [APP_CHART]: appValues, [TENANT_CHART]: tenantValues } as const;
export type CentralChart = keyof typeof CENTRAL_CHARTS;

export const isCentralChart = (name: string): name is CentralChart => Object.hasOwn(CENTRAL_CHARTS, name);
