import { type TextRule } from './text-rule';

/** An address, or a range in CIDR form. */
export const IP_RANGE: TextRule = {
  title: 'IPv4 range',
  pattern: /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!\/|$)|(?=\/|$))){4}(?:\/(?:[0-9]|[12]\d|3[0-2]))?$/,
  rule: "an address or a range in CIDR form, such as '203.0.113.0/24'",
  source: 'Azure network rules, which take no IPv6',
};

/** What Azure takes in the network rules of one resource. */
export const MAX_IP_RANGES = 100;

/** What is never the address from which a request comes over the internet. */
const PRIVATE_RANGES = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
].map(parseRange);

interface Range {
  /** As a number of 32 bits. */
  readonly address: number;
  readonly bits: number;
}

/** Why a range of an allow list cannot be used, and what to do; `undefined` where nothing is wrong. */
export function unusableRange(text: string): { readonly message: string; readonly remedy: string } | undefined {
  const range = parseRange(text);
  const network = networkOf(range);
  if (range.bits === 0) {
    return {
      message: `'${text}' lets the whole internet in`,
      remedy: "Remove 'allowedIpRanges', which says the same, or narrow it.",
    };
  }
  if (network.address !== range.address) {
    return {
      message: `'${text}' has bits set behind its first ${range.bits}, which Azure refuses`,
      remedy: `Give '${formatRange(network)}', or the one address '${text.split('/')[0]!}'.`,
    };
  }
  const inside = PRIVATE_RANGES.find((candidate) => overlap(candidate, range));
  if (inside === undefined) return undefined;
  return {
    message: `'${text}' has private or reserved addresses (${formatRange(inside)}): nobody comes from there over the internet, and Azure refuses it`,
    remedy: "Give the public addresses behind which your networks are, or 'exposure: private'.",
  };
}

/** A range in the one form that ranges are compared in. */
export const canonicalRange = (text: string): string => formatRange(networkOf(parseRange(text)));

function parseRange(text: string): Range {
  const [address = '', bits = '32'] = text.split('/');
  return { address: address.split('.').reduce((number, part) => number * 256 + Number(part), 0), bits: Number(bits) };
}

/** Division, because the operators on bits are signed. */
const networkOf = ({ address, bits }: Range): Range => {
  const size = 2 ** (32 - bits);
  return { address: Math.floor(address / size) * size, bits };
};

const overlap = (one: Range, other: Range): boolean => {
  const bits = Math.min(one.bits, other.bits);
  return networkOf({ ...one, bits }).address === networkOf({ ...other, bits }).address;
};

const formatRange = ({ address, bits }: Range): string =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${bits}`;
