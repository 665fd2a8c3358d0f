import * as fs from 'node:fs';
import * as path from 'node:path';
import { Document } from 'yaml';
import { reduceDefinitions } from '../../src/upgrade';
import { editScalars } from '../../src/upgrade/edit-scalars';
import { knownChanges } from '../../src/upgrade/known-changes';
import { fluxReleaseNotes } from '../../src/upgrade/release-notes';
import { checkStep } from '../../src/upgrade/check-versions';
import { REPOSITORY } from '../support/platform-folder';

describe('reducing definitions', () => {
  it.each(['flux/2.8.3', 'flux/2.9.5', 'flux-operator/0.59.0'])('changes nothing of what is reduced already: %s', (folder) => {
    const schemas = path.join(REPOSITORY, 'schemas', folder);
    for (const file of fs.readdirSync(schemas)) {
      const committed = fs.readFileSync(path.join(schemas, file), 'utf8');
      const { items, provenance } = JSON.parse(committed) as { items: object[]; provenance: Record<string, string> };
      const texts = [...items].reverse().map((item) => new Document(item, { aliasDuplicateObjects: false }).toString());
      expect([...reduceDefinitions(texts, provenance)]).toEqual([[file, committed]]);
    }
  });

  it('refuses what is no definition, and what would leave its folder', () => {
    const text = 'kind: CustomResourceDefinition\nmetadata: { name: x }\n';
    expect(() => reduceDefinitions([text], {})).toThrow();
    expect(() => reduceDefinitions(['a: [\n'], {})).toThrow();
    const spec = 'spec: { group: ../x, names: {}, scope: Namespaced, versions: [] }\n';
    expect(() => reduceDefinitions([text + spec], {})).toThrow('a definition has no API group');
  });
});

describe('editing texts of a YAML file', () => {
  const edit = (text: string, value = '2.9.5'): unknown => editScalars(text, [{ path: ['flux', 'version'], value }], 'x.yaml');

  it.each([
    ['# head\r\nflux: # why\r\n  version: 2.8.3 # when\r\n', '# head\r\nflux: # why\r\n  version: 2.9.5 # when\r\n'],
    ['flux: { version: "2.8.3",   x: 1 }', 'flux: { version: "2.9.5",   x: 1 }'],
    ["flux:\n  'version'   :   '2.8.3'\n", "flux:\n  'version'   :   '2.9.5'\n"],
    ['\uFEFFflux:\n  version: 2.8.3\n', '\uFEFFflux:\n  version: 2.9.5\n'],
    ['x: &x 2.8.3\nflux:\n  version: *x\n', 'x: &x 2.8.3\nflux:\n  version: 2.9.5\n'],
    ['flux:\n  version: 2.9.5 # as it is\n', 'flux:\n  version: 2.9.5 # as it is\n'],
  ])('changes nothing else: %j', (before, after) => {
    expect(edit(before)).toBe(after);
  });

  it.each(['flux:\n  version: &x 2.8.3\nx: *x\n', 'flux:\n  version: >-\n    2.8.3\nx: 1\n', 'flux: {}\n', 'flux:\n'])(
    'refuses what it cannot change alone: %j',
    (text) => {
      expect(edit(text)).toMatchObject({ location: { file: 'x.yaml' } });
    },
  );
});

describe('what is to be read', () => {
  it.each([
    ['2.8.3', '2.9.5', ['2.9.0', '2.9.5']],
    ['2.7.5', '2.9.0', ['2.8.0', '2.9.0']],
    ['2.9.4', '2.9.5', ['2.9.5']],
    ['2.9.5', '2.8.3', ['2.8.3']],
    [undefined, '2.9.5', ['2.9.5']],
    ['2.9.5', '3.0.1', ['3.0.0', '3.0.1']],
  ])('between Flux %s and %s: one for each minor version, and the last', (from, to, versions) => {
    expect(fluxReleaseNotes(from, to)).toEqual(
      versions.map((version) => `https://github.com/fluxcd/flux2/releases/tag/v${version}`),
    );
  });

  it('is what is known between the versions, and whether it concerns the platform', () => {
    const files = new Map([
      ['clusters/dev/systems/a.yaml', 'apiVersion: image.toolkit.fluxcd.io/v1beta2 # old\nkind: ImagePolicy\n'],
      ['clusters/dev/systems/b.yaml', '# apiVersion: image.toolkit.fluxcd.io/v1beta2\nspec:\n  postBuild: {}\n'],
    ]);
    const found = knownChanges(
      'Flux',
      '2.8.3',
      '2.9.5',
      ['source-controller', 'kustomize-controller', 'image-reflector-controller'],
      files,
    );
    expect(found.map(({ version, concerns, files: where }) => ({ version, concerns, where }))).toEqual([
      { version: '2.9.0', concerns: 'yes', where: ['clusters/dev/systems/b.yaml'] },
      { version: '2.9.0', concerns: 'yes', where: ['clusters/dev/systems/a.yaml'] },
    ]);
    const none = knownChanges('Flux', '2.7.0', '2.8.0', ['source-controller', 'kustomize-controller'], new Map());
    expect(none.map(({ what, concerns }) => [what.split(' ')[0], concerns])).toEqual([
      ['v1beta2', 'unknown'],
      ['helm-controller', 'no'],
    ]);
    expect(knownChanges('Flux', '2.9.0', '2.9.5', [], new Map())).toEqual([]);
  });
});

describe('a step between versions', () => {
  it.each([
    ['2.9.5', '3.0.0', undefined],
    ['2.9.5', '3.1.0', '3.0'],
    ['2.7.0', '2.10.0', '2.8, 2.9'],
    ['2.9.5', '2.10.0', undefined],
  ])('from %s to %s leaves out %s', (from, to, skipped) => {
    const problems = checkStep(
      { product: 'Flux', from, to, location: { file: 'x' } },
      { allowDowngrade: false, allowSkippedMinor: false },
    );
    expect(problems.map(({ message }) => message)).toEqual(
      skipped === undefined ? [] : [`Flux would go from ${from} to ${to} and leave out ${skipped}`],
    );
  });
});
