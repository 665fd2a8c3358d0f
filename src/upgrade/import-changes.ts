import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseDocument } from 'yaml';
import { type FileChange } from '../../manifests';
import { type LockFile } from '../model';
import { editScalars } from './edit-scalars';
import { Refusal } from './refusal';

const CDK8S_FILE = 'cdk8s.yaml';

/** The version in the path of a schema. */
const SCHEMA_PATH = /(?<=(?:^|[/=])schemas\/)(flux|flux-operator)\/[^/]+(?=\/)/;

/**
 * The change that lets `npm run imports` read the schemas of the new versions, where the platform is the program's own.
 *
 * @param directory platform folder
 * @param program folder of the program
 * @param lock as it will be
 * @param written paths of schemas that will be written
 * @throws Refusal
 */
export function findImportChanges(
  directory: string,
  program: string,
  { flux }: LockFile,
  written: readonly string[],
): readonly FileChange[] {
  const file = path.join(directory, CDK8S_FILE);
  if (!fs.existsSync(file) || fs.realpathSync(directory) !== fs.realpathSync(program)) return [];
  const before = fs.readFileSync(file, 'utf8');
  const imports = (parseDocument(before).toJS() as { imports?: unknown } | null)?.imports;
  if (!Array.isArray(imports)) return [];
  const versions = { flux: flux.version, 'flux-operator': flux.operator };
  const edits = imports.flatMap((entry: unknown, index) => {
    if (typeof entry !== 'string') return [];
    const value = entry.replace(SCHEMA_PATH, (_, product: keyof typeof versions) => `${product}/${versions[product]}`);
    const schema = value.slice(value.indexOf('schemas/'));
    const exists = fs.existsSync(path.join(program, schema)) || written.includes(schema);
    return value === entry || !exists ? [] : [{ path: ['imports', index], value }];
  });
  const after = editScalars(before, edits, CDK8S_FILE);
  if (typeof after !== 'string') throw new Refusal([after]);
  return after === before ? [] : [{ kind: 'update', path: CDK8S_FILE, before, after }];
}
