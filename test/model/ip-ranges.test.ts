import { canonicalRange, unusableRange } from '../../src/model/rules/ip-ranges';

describe('a range of an allow list', () => {
  it.each(['203.0.113.5', '203.0.113.0/24', '203.0.113.4/31', '128.0.0.0/3', '9.255.255.255', '11.0.0.0/8', '172.32.0.0/16'])(
    'may be %s',
    (range) => {
      expect(unusableRange(range)).toBeUndefined();
    },
  );

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.255.255.255', '10.0.0.0/8'],
    // It holds private addresses besides public ones.
    ['0.0.0.0/1', '0.0.0.0/8'],
    ['100.64.0.1', '100.64.0.0/10'],
    ['224.0.0.1', '224.0.0.0/3'],
    ['255.255.255.255', '224.0.0.0/3'],
    ['172.16.0.0/12', '172.16.0.0/12'],
    ['172.31.255.0/24', '172.16.0.0/12'],
    ['192.168.1.1', '192.168.0.0/16'],
    ['127.0.0.1', '127.0.0.0/8'],
    ['169.254.169.254', '169.254.0.0/16'],
  ])('may not be %s, which is private', (range, inside) => {
    expect(unusableRange(range)?.message).toContain(`'${range}' has private or reserved addresses (${inside})`);
  });

  it.each([
    ['203.0.113.5/24', '203.0.113.0/24'],
    ['255.255.255.255/25', '255.255.255.128/25'],
    ['203.0.113.1/31', '203.0.113.0/31'],
  ])('may not be %s, and the network is told', (range, network) => {
    expect(unusableRange(range)?.remedy).toBe(`Give '${network}', or the one address '${range.split('/')[0]!}'.`);
  });

  it.each(['0.0.0.0/0', '203.0.113.0/0'])('may not be everything, %s', (range) => {
    expect(unusableRange(range)?.message).toContain('lets the whole internet in');
  });

  it('is compared as what it is', () => {
    expect(canonicalRange('203.0.113.5')).toBe(canonicalRange('203.0.113.5/32'));
    expect(canonicalRange('203.0.113.0/24')).not.toBe(canonicalRange('203.0.113.0/25'));
  });
});
