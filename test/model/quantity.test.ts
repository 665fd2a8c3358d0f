import { formatQuantity, parseQuantity } from '../../src/model';

describe('quantities of Kubernetes', () => {
  const values: readonly [text: string | number, thousandths: bigint][] = [
    ['0', 0n],
    ['1', 1000n],
    ['+1', 1000n],
    ['-1', -1000n],
    ['1.', 1000n],
    ['.5', 500n],
    ['0.5', 500n],
    ['00.50', 500n],
    ['100m', 100n],
    ['0.5m', 1n],
    ['1500u', 2n],
    ['-1500u', -2n],
    ['1n', 1n],
    ['1000000n', 1n],
    ['1000001n', 2n],
    ['1k', 1_000_000n],
    ['1M', 10n ** 9n],
    ['1G', 10n ** 12n],
    ['1T', 10n ** 15n],
    ['1P', 10n ** 18n],
    ['1E', 10n ** 21n],
    ['1Ki', 1024n * 1000n],
    ['1Mi', 1024n ** 2n * 1000n],
    ['1Gi', 1024n ** 3n * 1000n],
    ['1Ti', 1024n ** 4n * 1000n],
    ['1Pi', 1024n ** 5n * 1000n],
    ['1Ei', 1024n ** 6n * 1000n],
    ['1.5Gi', 1536n * 1024n ** 2n * 1000n],
    ['0.1Ki', 102_400n],
    ['0.0001Ki', 103n],
    ['1e3', 1_000_000n],
    ['1E3', 1_000_000n],
    ['1e+3', 1_000_000n],
    ['12e-1', 1200n],
    ['1.5e-3', 2n],
    ['9007199254740993', 9007199254740993000n],
    [1, 1000n],
    [0.25, 250n],
    [1e21, (2n ** 63n - 1n) * 1000n],
    ['8Ei', (2n ** 63n - 1n) * 1000n],
    ['9E', 9n * 10n ** 21n],
    ['1e999999999', (2n ** 63n - 1n) * 1000n],
    ['1e-999999999', 1n],
    ['0e999999999', 0n],
    ['0.00000000000000000000000000000001e32', 1000n],
  ];

  it.each(values)('reads %s exactly', (text, thousandths) => {
    expect(parseQuantity(text)).toBe(thousandths);
  });

  it.each(['', ' 1', '1 ', '1 Gi', 'Gi', '.', '1K', '1ki', '1GI', '1Mb', '1e', '1e1.5', '1e3k', '1,5', '0x10', 'NaN', '1_000', '--1', '1\n', '１'])('reads no quantity in %j', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  }); // prettier-ignore

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('reads no quantity in the number %p', (number) => {
    expect(parseQuantity(number)).toBeUndefined();
  });

  const forms: readonly [text: string, form: string][] = [
    ['0', '0'],
    ['0.1', '100m'],
    ['1500m', '1500m'],
    ['2000m', '2'],
    ['1024', '1Ki'],
    ['1.5Gi', '1536Mi'],
    ['2048Mi', '2Gi'],
    ['1000', '1k'],
    ['1000000', '1M'],
    ['1536Mi', '1536Mi'],
    ['0.0001Ki', '103m'],
    ['-1Gi', '-1Gi'],
    ['1e18', '1E'],
    ['7Ei', '7Ei'],
  ];

  it.each(forms)('writes %s as %s', (text, form) => {
    expect(formatQuantity(parseQuantity(text)!)).toBe(form);
  });

  it('reads what it writes', () => {
    for (let thousandths = 1n; thousandths < 2n ** 62n; thousandths = thousandths * 3n + 7n) {
      expect(parseQuantity(formatQuantity(thousandths))).toBe(thousandths);
    }
  });
});
