import { z } from 'zod';
import { lockFile } from './lock-file';
import { organizationConfigFile } from './organization-config-file';
import { organizationOutputsFile } from './organization-outputs-file';
import { outputsFile } from './outputs-file';
import { platformFile } from './platform-file';
import { scanExceptionsFile } from './scan-exceptions-file';
import { stackConfigFile } from './stack-config-file';
import { systemFile } from './system-file';

/** The JSON Schemas of the input files by file name, for editors that complete and check YAML. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const schemas = {
    platform: platformFile,
    system: systemFile,
    outputs: outputsFile,
    'organization-outputs': organizationOutputsFile,
    'platform-lock': lockFile,
    'stack-config': stackConfigFile,
    'organization-config': organizationConfigFile,
    'scan-exceptions': scanExceptionsFile,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const content = {
        $comment: 'Generated from src/model by `npm run schemas`. Do not edit.',
        ...z.toJSONSchema(schema, { io: 'input' }),
      };
      return [`${name}.schema.json`, `${JSON.stringify(content, undefined, 2)}\n`] as const;
    }),
  );
}
