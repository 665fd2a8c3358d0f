/** The notation of quantities: a decimal number, and a suffix or an exponent. */
const QUANTITY = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;

/** Decimal suffixes as powers of ten. */
const DECIMAL = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const;

/** Binary suffixes, each 1024 times the one before. */
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;

/** Kubernetes keeps no quantity larger than this many units. */
const LARGEST = (2n ** 63n - 1n) * 1000n;

/** Powers of ten beyond which every number but zero is too large, or smaller than a thousandth. */
const EXPONENT_OF_LARGEST = 22;

/**
 * The exact value of a Kubernetes quantity in thousandths of its unit: cores of CPU in millicores, bytes in thousandths of a byte.
 *
 * As Kubernetes does, it rounds what is smaller than a thousandth away from zero and caps what is too large.
 *
 * @param quantity a text such as `500m`, `0.5`, `1.5Gi` or `1e3`; YAML may have made a number of it
 * @returns `undefined` when it is no quantity
 */
export function parseQuantity(quantity: string | number): bigint | undefined {
  const match = QUANTITY.exec(String(quantity));
  if (match === null) return undefined;
  const [, sign, number = '', suffix, exponent] = match;
  const [whole = '', fraction = ''] = number.split('.');
  // Zeros at either end would make a short number look long.
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return 0n;
  const binary = BINARY.indexOf(suffix as (typeof BINARY)[number]);
  const power = exponentOf(suffix, exponent) - fraction.length + 3;
  const magnitude =
    digits.length + power > EXPONENT_OF_LARGEST ? LARGEST : scale(BigInt(digits), power, 1024n ** BigInt(binary + 1));
  const capped = magnitude > LARGEST ? LARGEST : magnitude;
  return sign === '-' ? -capped : capped;
}

/**
 * Thousandths as a quantity in the shortest of the usual forms, such as `1500m`, `2` or `1536Mi`.
 *
 * @param thousandths what {@link parseQuantity} returns
 */
export function formatQuantity(thousandths: bigint): string {
  if (thousandths < 0n) return `-${formatQuantity(-thousandths)}`;
  if (thousandths % 1000n !== 0n) return `${thousandths}m`;
  const value = thousandths / 1000n;
  const forms = [
    `${value}`,
    ...BINARY.map((suffix, index) => inUnits(value, 1024n ** BigInt(index + 1), suffix)),
    ...(['k', 'M', 'G', 'T', 'P', 'E'] as const).map((suffix) => inUnits(value, 10n ** BigInt(DECIMAL[suffix]), suffix)),
  ].filter((form) => form !== undefined);
  return forms.reduce((best, form) => (form.length < best.length ? form : best));
}

function exponentOf(suffix: string | undefined, exponent: string | undefined): number {
  if (exponent !== undefined) return Number(exponent);
  return suffix !== undefined && Object.hasOwn(DECIMAL, suffix) ? DECIMAL[suffix as keyof typeof DECIMAL] : 0;
}

/** `digits × 10^power × factor`, rounded up. */
function scale(digits: bigint, power: number, factor: bigint): bigint {
  const value = digits * factor;
  if (power >= 0) return value * 10n ** BigInt(power);
  // The divisor need not be larger than what makes the result less than one.
  const divisor = 10n ** BigInt(Math.min(-power, value.toString().length));
  return (value + divisor - 1n) / divisor;
}

const inUnits = (value: bigint, unit: bigint, suffix: string): string | undefined =>
  value !== 0n && value % unit === 0n ? `${value / unit}${suffix}` : undefined;
