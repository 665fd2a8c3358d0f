import { closest, suggestion } from '../../src/model';

describe('a suggestion', () => {
  it.each([
    ['brnach', ['branch', 'cluster'], 'branch'],
    ['dve', ['dev', 'prod'], 'dev'],
    ['PROD', ['dev', 'prod'], 'prod'],
    ['sku-smal', ['sku-small', 'sku-large'], 'sku-small'],
    ['zebra', ['branch', 'cluster'], undefined],
    ['D', ['A', 'B', 'C'], undefined],
    ['', ['a'], undefined],
  ])('for %j of %j is %j', (text, candidates, expected) => {
    expect(closest(text, candidates)).toBe(expected);
  });

  it('lists everything when nothing is close, and says so when there is nothing', () => {
    expect(suggestion('zebra', ['dev', 'prod'], 'environments')).toBe('The environments are dev, prod.');
    expect(suggestion('zebra', [], 'environments')).toBe('There are no environments.');
    expect(suggestion('dve', ['dev'], 'environments')).toBe("Did you mean 'dev'?");
  });
});
