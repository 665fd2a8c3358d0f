import { stringify } from 'yaml';
import { SKUS } from '../sku';
import { quotaOf } from '../tenant-quota';
import { appValues } from './app-values';
import { helmSchema, type SchemaNode } from './helm-schema';
import { tenantValues } from './tenant-values';
import { valuesText } from './values-text';

const NOTE = 'Generated from src/model by `npm run schemas`. Do not edit.';

/** The files of the platform's charts that are made from the model, by their path under `charts/`. */
export function chartFiles(): Readonly<Record<string, string>> {
  const tenant = helmSchema(tenantValues);
  // Where the tenant is switched off, Helm fills in nothing of it.
  const app = helmSchema(appValues, ['tenant']);
  const own = Object.fromEntries(Object.entries(app.properties!).filter(([name]) => name !== 'tenant'));
  return {
    // A chart reads files of its own only, and not those of a dependency that is switched off.
    'platform-tenant/skus.yaml': skusText(),
    'platform-app-chart/skus.yaml': skusText(),
    'platform-tenant/values.schema.json': schemaText(tenant),
    'platform-tenant/values.yaml': valuesText(tenant, NOTE),
    'platform-app-chart/values.schema.json': schemaText(app),
    'platform-app-chart/values.yaml': valuesText({ ...app, properties: own }, NOTE),
  };
}

const schemaText = (schema: SchemaNode): string => `${JSON.stringify({ $comment: NOTE, ...schema }, undefined, 1)}\n`;

/** Every SKU with the quota that follows from it, because templates cannot multiply quantities. */
function skusText(): string {
  const skus = Object.entries(SKUS).map(([name, tier]) => [name, { ...tier, quota: quotaOf(tier) }] as const);
  return `# ${NOTE}\n${stringify(Object.fromEntries(skus))}`;
}
