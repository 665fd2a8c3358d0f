import * as fs from 'node:fs';
import * as path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/model';
import { FIXTURES, platformFolder, readFile, REPOSITORY } from '../support/platform-folder';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

function fieldsWithoutDescription(node: Node, trail: string): readonly string[] {
  const fields = Object.entries(node.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${trail}.${name}`] : []),
    ...fieldsWithoutDescription(field, `${trail}.${name}`),
  ]);
  const below = [
    node.items,
    ...(node.anyOf ?? []),
    typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined,
  ];
  return [...fields, ...below.flatMap((child) => (child === undefined ? [] : fieldsWithoutDescription(child, `${trail}[]`)))];
}

function validatorOf(name: string): (content: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  return ajv.compile(JSON.parse(jsonSchemas()[name]!) as object) as (content: unknown) => boolean;
}

describe('the JSON Schemas', () => {
  it.each(Object.entries(jsonSchemas()))('%s is committed as src/model says', (name, content) => {
    expect(fs.readFileSync(path.join(REPOSITORY, 'schemas', name), 'utf8')).toBe(content);
  });

  it.each(Object.entries(jsonSchemas()))('%s describes every field', (name, content) => {
    expect(fieldsWithoutDescription(JSON.parse(content) as Node, name)).toEqual([]);
  });

  it('accept what the model accepts, and refuse an unknown key and a broken name', () => {
    const folder = platformFolder();
    const platform = parse(readFile(folder, 'platform.yaml')) as Record<string, unknown>;
    const isPlatform = validatorOf('platform.schema.json');
    expect(isPlatform(platform)).toBe(true);
    expect(isPlatform({ ...platform, zebra: 1 })).toBe(false);
    expect(isPlatform({ ...platform, azure: { tenantId: 'x' } })).toBe(false);
    expect(validatorOf('system.schema.json')(parse(readFile(folder, 'systems/shop.yaml')))).toBe(true);
    expect(validatorOf('platform-lock.schema.json')(parse(readFile(folder, 'platform.lock.yaml')))).toBe(true);
    expect(validatorOf('outputs.schema.json')(parse(readFile(path.join(FIXTURES, 'classic'), 'outputs/dev.yaml')))).toBe(true);
  });
});
