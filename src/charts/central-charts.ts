import { appValues, tenantValues } from '../model';

/** Folder of the platform that holds the central charts. */
export const CHARTS_FOLDER = 'charts';

/** The schemas of the values of the central charts. */
export const CENTRAL_CHARTS = { 'platform-app-chart': appValues, 'platform-tenant': tenantValues } as const;
export type CentralChart = keyof typeof CENTRAL_CHARTS;

export const isCentralChart = (name: string): name is CentralChart => Object.hasOwn(CENTRAL_CHARTS, name);
