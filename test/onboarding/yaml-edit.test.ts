import { parse } from 'yaml';
import { removeFromYaml, setInYaml, type YamlEdit } from '../../src/onboarding/yaml-edit';

const set = (text: string, ...edits: readonly YamlEdit[]): unknown => setInYaml(text, edits, 'systems/shop.yaml');
const TAG: YamlEdit = { path: ['environments', 'dev', 'values', 'image', 'tag'], value: '20261' };

describe('setInYaml', () => {
  it.each([
    ['no value', 'environments:\n  dev:\n  prod:\n', "environments:\n  dev: { values: { image: { tag: '20261' } } }\n  prod:\n"],
    [
      'no value, and a comment',
      'environments:\n  dev: # as above\n  prod:\n',
      "environments:\n  dev: { values: { image: { tag: '20261' } } } # as above\n  prod:\n",
    ],
    ['null', 'environments:\n  dev: null\n', "environments:\n  dev: { values: { image: { tag: '20261' } } }\n"],
    ['~', 'environments: { dev: ~, prod: {} }\n', "environments: { dev: { values: { image: { tag: '20261' } } }, prod: {} }\n"],
    ['a key alone', 'environments: {dev: , prod}\n', "environments: {dev: { values: { image: { tag: '20261' } } } , prod}\n"],
    ['{}', 'environments:\n  dev: {}  # x\n', "environments:\n  dev: { values: { image: { tag: '20261' } } }  # x\n"],
    [
      'a flow mapping',
      'environments:\n  dev: { branch: release } # theirs\n',
      "environments:\n  dev: { branch: release, values: { image: { tag: '20261' } } } # theirs\n",
    ],
    [
      'a flow mapping over lines',
      'environments:\n  dev: {\n    branch: release, # a\n  }\n',
      "environments:\n  dev: {\n    branch: release, values: { image: { tag: '20261' } }, # a\n  }\n",
    ],
    [
      'a block mapping',
      'environments:\n  dev:\n    branch: release\n    # of the team\n  prod:\n',
      "environments:\n  dev:\n    branch: release\n    values: { image: { tag: '20261' } }\n    # of the team\n  prod:\n",
    ],
    [
      'a block mapping with a text over lines',
      'environments:\n    dev:\n        values:\n            notes: |\n                a\n                b\n# end\n',
      "environments:\n    dev:\n        values:\n            notes: |\n                a\n                b\n            image: { tag: '20261' }\n# end\n",
    ],
    [
      'the value in single quotes',
      "environments: { dev: { values: { image: { tag: '1' } } } }\n",
      "environments: { dev: { values: { image: { tag: '20261' } } } }\n",
    ],
    [
      'the value in double quotes',
      'environments: { dev: { values: { image: { tag: "1" } } } }\n',
      'environments: { dev: { values: { image: { tag: "20261" } } } }\n',
    ],
    [
      'a number',
      'environments:\n  dev: { values: { image: { tag: 20260 } } } # build\n',
      "environments:\n  dev: { values: { image: { tag: '20261' } } } # build\n",
    ],
    ['Windows line ends', 'environments:\r\n  dev:\r\n    sku: x\r\n', "environments:\r\n  dev:\r\n    sku: x\r\n    values: { image: { tag: '20261' } }\r\n"], // prettier-ignore
    ['no line end', 'environments:\n  dev:\n    sku: x', "environments:\n  dev:\n    sku: x\n    values: { image: { tag: '20261' } }"], // prettier-ignore
    [
      'a byte order mark',
      '\ufeffenvironments:\n  dev:\n',
      "\ufeffenvironments:\n  dev: { values: { image: { tag: '20261' } } }\n",
    ],
  ])('changes nothing else where there is %s', (_what, before, after) => {
    expect(set(before, TAG)).toBe(after);
  });

  it.each([
    ['an alias on the way', 'all: &all { image: { tag: a } }\nenvironments:\n  dev: { values: *all }\n'],
    ['an anchor whose aliases would change', 'environments:\n  dev: { values: { image: { tag: &t a } } }\nother: *t\n'],
    ['a text over lines', 'environments:\n  dev: { values: { image: { tag: "a\n    b" } } }\n'],
    ['a text where a mapping belongs', 'environments:\n  dev: { values: x }\n'],
  ])('refuses %s', (_what, before) => {
    expect(set(before, TAG)).toEqual({
      location: { file: 'systems/shop.yaml' },
      message: "'environments.dev.values.image.tag' cannot be set to '20261' without changing something else",
      remedy: 'Change it by hand, or write the values around it without anchors and aliases, texts on one line.',
    });
  });

  it('replaces an alias by the value, and leaves its anchor', () => {
    expect(set('first: &t a\nenvironments: { dev: { values: { image: { tag: *t } } } }\n', TAG)).toBe(
      "first: &t a\nenvironments: { dev: { values: { image: { tag: '20261' } } } }\n",
    );
  });

  it('names all environments, on lines of their own', () => {
    expect(set('team: shop # x\n# end\n', { path: ['environments'], value: { dev: null, '1e3': null } }, TAG)).toBe(
      "team: shop # x\nenvironments:\n  dev: { values: { image: { tag: '20261' } } }\n  '1e3':\n# end\n",
    );
    const flow = set('{ team: shop }\n', { path: ['environments'], value: { dev: null, prod: null } }, TAG);
    expect(parse(flow as string)).toEqual({
      team: 'shop',
      environments: { dev: { values: { image: { tag: '20261' } } }, prod: null },
    });
  });

  it.each([
    'plain',
    'a, b',
    "it's: {x}",
    '[x]',
    '# x',
    'null',
    '20261',
    '1e5',
    '0x1F',
    'true',
    '- x',
    'a\nb',
    '"',
    '\\',
    '*a',
    '',
  ])('writes the text %j so that it is read as it is', (value) => {
    for (const text of ['a: {}\n', 'a:\n', 'a: { b: x }\n', "a: { b: 'x' }\n", 'a: { b: "x" }\n', 'a:\n  b: x\n', 'c: d\n'])
      expect((parse(set(text, { path: ['a', 'b'], value }) as string) as { readonly a: unknown }).a).toEqual({ b: value });
  });
});

describe('removeFromYaml', () => {
  it.each([
    ['one line', 'team: shop\nremoval: { announced: 2026-11-21 } # soon\nsku: x # y\n', 'team: shop\nsku: x # y\n'],
    [
      'several lines',
      'team: shop\nremoval:\n  announced: 2026-11-21\n  reason: x\n# sku\nsku: x\n',
      'team: shop\n# sku\nsku: x\n',
    ],
    ['the last line', 'team: shop\nremoval: { announced: 2026-11-21 }', 'team: shop\n'],
    ['the first line', 'removal: { announced: 2026-11-21 }\nteam: shop\n', 'team: shop\n'],
  ])('takes out %s', (_what, before, after) => {
    expect(removeFromYaml(before, 'removal', 'x')).toBe(after);
  });

  it('is what undoes setting it', () => {
    const before = '# head\npattern: A\nteam: x # whose\n# tail\n';
    const after = set(before, { path: ['removal'], value: { announced: '2026-11-21' }, after: 'team' }) as string;
    expect(after).toBe('# head\npattern: A\nteam: x # whose\nremoval: { announced: 2026-11-21 }\n# tail\n');
    expect(removeFromYaml(after, 'removal', 'x')).toBe(before);
  });

  it.each(['{ team: shop, removal: {} }\n', 'removal: &r { a: 1 }\nother: *r\n'])('refuses %j', (text) => {
    expect(removeFromYaml(text, 'removal', 'x')).toMatchObject({
      message: expect.stringContaining("'removal' cannot be removed") as string,
    });
  });
});
