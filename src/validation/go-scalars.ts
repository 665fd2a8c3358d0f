import { type ScalarTag } from 'yaml';

/** A number whose digits may be grouped. */
const integer = (test: RegExp, base: number, prefix: RegExp): ScalarTag => ({
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test,
  resolve: (text) => {
    const sign = text.startsWith('-') ? -1 : 1;
    return sign * Number.parseInt(text.replace(/^[-+]/, '').replace(prefix, '').replaceAll('_', ''), base);
  },
});

/**
 * What Go's YAML reads without quotes differently from YAML 1.2: numbers with grouped digits, with a leading zero (octal) or binary, and
 * dates, which become texts with a time (gopkg.in/yaml.v3, by which kustomize and Flux read).
 */
export const GO_SCALARS: readonly ScalarTag[] = [
  integer(/^[-+]?0b[01_]+$/, 2, /^0b/),
  integer(/^[-+]?0[0-7_]+$/, 8, /^0/),
  integer(/^[-+]?[0-9][0-9_]*_[0-9_]*$/, 10, /^/),
  {
    tag: 'tag:yaml.org,2002:timestamp',
    default: true,
    test: /^\d{4}-\d\d?-\d\d?$/,
    resolve: (text: string): string => {
      const [year, month, day] = text.split('-').map(Number);
      const date = new Date(Date.UTC(year!, month! - 1, day));
      const exists = date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
      return exists ? date.toISOString().replace('.000Z', 'Z') : text;
    },
  },
];
