import * as fs from 'node:fs';
import * as path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { REPOSITORY } from '../support/platform-folder';

export type Mapping = Readonly<Record<string, unknown>>;
export type ChartName = 'platform-app-chart' | 'platform-tenant';

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const chartFile = (chart: ChartName, file: string): string =>
  fs.readFileSync(path.join(REPOSITORY, 'charts', chart, file), 'utf8');
const defaultsOf = (chart: ChartName): Mapping => parse(chartFile(chart, 'values.yaml')) as Mapping;

const APP = defaultsOf('platform-app-chart');
const TENANT = defaultsOf('platform-tenant');

/** Whether Helm leaves out the dependency. */
const isWithoutTenant = (values: Mapping): boolean => isMapping(values['tenant']) && values['tenant']['enabled'] === false;

/**
 * Fills in the defaults of `values.yaml` as Helm 3 does before it looks at the schema. A null takes the default away; below the first level it also goes
 * where there is no default.
 */
export function coalesce(values: Mapping, defaults: Mapping, level = 0): Mapping {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const isKnown = key in defaults;
    if (value === null && (isKnown || level > 0)) continue;
    const below = defaults[key];
    result[key] = isMapping(value) && isMapping(below) ? coalesce(value, below, level + 1) : value;
  }
  for (const [key, value] of Object.entries(defaults)) if (!(key in values)) result[key] = value;
  return result;
}

/** Leaves out every null that Helm ignores, which are those without a default below the first level. */
export function withoutIgnoredNulls(values: Mapping, chart: ChartName): Mapping {
  if (chart === 'platform-tenant') return ignoreNulls(values, TENANT);
  const kept = ignoreNulls(values, APP);
  const { tenant } = kept;
  return isMapping(tenant) && !isWithoutTenant(values) ? { ...kept, tenant: ignoreNulls(tenant, TENANT) } : kept;
}

function ignoreNulls(values: Mapping, defaults: Mapping, level = 0): Mapping {
  const entries = Object.entries(values).filter(([key, value]) => value !== null || level === 0 || key in defaults);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const below = defaults[key];
      return [key, isMapping(value) && isMapping(below) ? ignoreNulls(value, below, level + 1) : value];
    }),
  );
}

const schemas = new Map<ChartName, ValidateFunction>();

function schemaOf(chart: ChartName): ValidateFunction {
  const schema =
    schemas.get(chart) ??
    new Ajv({ strict: false }).compile(JSON.parse(chartFile(chart, 'values.schema.json')) as Record<string, unknown>);
  schemas.set(chart, schema);
  return schema;
}

/** Whether the committed schemas accept values, looked at as Helm does: the dependency's too, unless it is switched off. */
export function schemaAccepts(values: Mapping, chart: ChartName): boolean {
  if (chart === 'platform-tenant') return schemaOf(chart)(coalesce(values, TENANT));
  const filled = coalesce(values, APP);
  if (isWithoutTenant(values)) return schemaOf(chart)(filled);
  const { tenant = {} } = filled;
  if (!isMapping(tenant)) return false;
  const tenantFilled = coalesce(tenant, TENANT);
  return schemaOf(chart)({ ...filled, tenant: tenantFilled }) && schemaOf('platform-tenant')(tenantFilled);
}
