import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Sources, Stricter } from './check-sdk';
import type { Extract } from './extract';

const ROOT = path.join(__dirname, '../../..');
const FOLDER = path.join(ROOT, 'sdks/azuredevops');

/** The extract of the provider's public schema. */
export const EXTRACT = JSON.parse(fs.readFileSync(path.join(ROOT, 'test/fixtures/azuredevops-schema.json'), 'utf8')) as Extract;

/** The sources of the SDK by file name. */
export const SOURCES: Sources = Object.fromEntries(
  fs
    .readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => [file, fs.readFileSync(path.join(FOLDER, file), 'utf8')]),
);

/** What the SDK requires beyond the schema. */
export const STRICTER: Stricter = {
  'ServiceEndpointAzureRM.azurermSpnTenantid': 'the provider requires it and falls back to the environment of its process',
  'ServiceEndpointAzureRM.credentials': 'without it Azure DevOps registers an application of its own',
  'ServiceEndpointAzureRM.serviceEndpointAuthenticationScheme': 'without it the connection holds a secret',
};
