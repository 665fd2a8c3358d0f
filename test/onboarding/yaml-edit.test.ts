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
    ['a literal text', '|-\n      1.8.0\n', "'20261'\n"],
    ['a folded text', '>-\n      1.8.0\n\n', "'20261'\n\n"],
    ['a text with a comment at its head', '|- # of the build\n      1.8.0\n  # tail\n', "'20261' # of the build\n  # tail\n"],
    ['a tagged text', '!!str |-\n      1.8.0\n', "!!str '20261'\n"],
    ['a text at the end', '|-\n      1.8.0', "'20261'"],
    ['Windows line ends', '|-\r\n      1.8.0\r\n', "'20261'\r\n"],
  ])('replaces a block of text whole: %s', (_what, tag, expected) => {
    for (const rest of tag.endsWith('\n') ? ['', '  prod: # as above\n'] : ['']) {
      const file = (value: string): string => `environments:\n  dev:\n    values:\n      image:\n        tag: ${value}${rest}`;
      expect(set(file(tag.replace('1.8.0', '    1.8.0')), TAG)).toBe(file(expected));
    }
  });

  it.each([
    ['an alias on the way', 'all: &all { image: { tag: a } }\nenvironments:\n  dev: { values: *all }\n', 3, 18],
    ['an anchor whose aliases would change', 'environments:\n  dev: { values: { image: { tag: &t a } } }\nother: *t\n', 2, 37],
    ['a text over lines', 'environments:\n  dev: { values: { image: { tag: "a\n    b" } } }\n', 2, 34],
    ['a text where a mapping belongs', 'environments:\n  dev: { values: x }\n', 2, 18],
    ['a list where a mapping belongs', 'team: x\nenvironments:\n  dev: { values: [x] }\n', 3, 10],
  ])('refuses %s, and says where it is', (_what, before, line, column) => {
    expect(set(before, TAG)).toEqual({
      location: { file: 'systems/shop.yaml', line, column },
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

  it.each([
    '{ pattern: A, team: x }\n',
    '{pattern: A,team: x}',
    '{ team: x, pattern: A, }\n',
    '{ # head\n  pattern: A, # a\n  team: x, # whose\n  sku: y\n}\n',
    '{\n  pattern: A,\n  team: x # whose\n}\n',
    '--- { team: x }\n',
    '\ufeff{ pattern: A, team: x }\n',
    '  pattern: A\n  team: x\n',
    '---\npattern: A\nteam: x',
    'pattern: A\r\nteam: x\r\n# tail\r\n',
  ])('undoes setting it in %j', (before) => {
    const after = set(before, { path: ['removal'], value: { announced: '2026-11-21', reason: 'a, b: {c}' }, after: 'team' });
    expect(parse(after as string)).toMatchObject({ team: 'x', removal: { announced: '2026-11-21', reason: 'a, b: {c}' } });
    expect((removeFromYaml(after as string, 'removal', 'x') as string).trimEnd()).toBe(before.trimEnd());
  });

  it.each([
    ['{ removal: { a: 1 } }', '{ }'],
    ['{ removal: { a: 1 }, team: x }', '{ team: x }'],
    ['{ removal: { a: 1 } , # r\n  team: x }', '{  # r\n  team: x }'],
    ['{\n  team: x, # t\n  removal: { a: 1 }, # r\n  sku: y\n}', '{\n  team: x, # t\n   # r\n  sku: y\n}'],
  ])('takes it out of the braces of %j, and no comment with it', (before, after) => {
    expect(removeFromYaml(before, 'removal', 'x')).toBe(after);
  });

  it.each([
    ['a: b\nremoval: &r { a: 1 }\nother: *r\n', 2, 1],
    ['{ removal: &r { a: 1 }, team: *r }\n', 1, 3],
    ['[removal]\n', 1, 1],
  ])('refuses %j, and says where it is', (text, line, column) => {
    expect(removeFromYaml(text, 'removal', 'x')).toMatchObject({
      location: { file: 'x', line, column },
      message: expect.stringContaining("'removal' cannot be removed") as string,
    });
  });
});
