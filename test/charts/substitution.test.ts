import { substitute } from '../../src/charts/substitution';
import { parseManifests, type ManifestDocument } from '../../src/validation';

const VARIABLES = { sku: 'sku-small', registry: 'myorgdev.azurecr.io' };

function document(text: string): ManifestDocument {
  const parsed = parseManifests(text, 'file.yaml');
  if ('location' in parsed) throw new Error(parsed.message);
  return parsed[0]!;
}

describe('substitute', () => {
  it.each([
    ['${sku}', 'sku-small'],
    ['${registry}/shop', 'myorgdev.azurecr.io/shop'],
    ['${other:=fallback}', 'fallback'],
    ['${other:-fallback}', 'fallback'],
    ['${sku:=fallback}', 'sku-small'],
    ['$${sku}', '${sku}'],
    ['$sku', '$sku'],
    ['no variable', 'no variable'],
  ])('makes of %s %s', (written, filled) => {
    const result = substitute(document(`a: { b: [ ${JSON.stringify(written)} ] }`), VARIABLES);
    expect(result).toEqual({ content: { a: { b: [filled] } }, problems: [] });
  });

  it.each([
    [
      '${other}',
      "the variable 'other' has no value: the registration gives sku, registry",
      /Write '\$\$\{other}' for the text itself/,
    ],
    ['${skus}', "the variable 'skus' has no value: the registration gives sku, registry", /Did you mean 'sku'/],
    ['${sku//a/b}', "'${sku//a/b}' is more than a variable with a default, which is all that is understood here", /dollar/],
    ['${constructor}', "the variable 'constructor' has no value: the registration gives sku, registry", /the text itself/],
  ])('tells that %s has no value', (written, message, remedy) => {
    const { problems } = substitute(document(`a:\n  b: ${JSON.stringify(written)}\n`), VARIABLES);
    expect(problems).toEqual([
      { location: { file: 'file.yaml', line: 2, column: 6 }, message, remedy: expect.stringMatching(remedy) as string },
    ]);
  });

  it('leaves everything as it is without variables, and in an object that says so', () => {
    expect(substitute(document('a: ${sku}'), undefined).content).toEqual({ a: '${sku}' });
    const disabled = 'metadata: { annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled } }\na: ${other}\n';
    expect(substitute(document(disabled), VARIABLES)).toMatchObject({ content: { a: '${other}' }, problems: [] });
  });
});
