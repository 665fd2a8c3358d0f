import { parseManifests } from '../../src/validation';

describe('scalars without quotes', () => {
  // What `kubectl kustomize` makes of them.
  it.each<readonly [written: string, read: unknown]>([
    ['1_000', 1000],
    ['20_24', 2024],
    ['0_9', 9],
    ['-1_0', -10],
    ['0b11', 3],
    ['010', 8],
    ['0644', 420],
    ['08', 8],
    ['0o17', 15],
    ['0x1F', 31],
    ['1.10', 1.1],
    ['2024-01-01', '2024-01-01T00:00:00Z'],
    ['2024-13-01', '2024-13-01'],
    ['no', 'no'],
    ['22:22', '22:22'],
    ["'010'", '010'],
    ['"2024-01-01"', '2024-01-01'],
  ])('%s is read as Go reads it', (written, read) => {
    const parsed = parseManifests(`a: ${written}\n`, 'file.yaml');
    expect(parsed).toMatchObject([{ content: { a: read } }]);
  });
});
