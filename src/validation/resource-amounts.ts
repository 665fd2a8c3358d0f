/** The resources that quotas of the platform count. */
export const RESOURCES = ['cpu', 'memory'] as const;

export type ResourceName = (typeof RESOURCES)[number];

/** Amounts in thousandths, as `parseQuantity` reads them: millicores, and thousandths of a byte. */
export type ResourceAmounts = Readonly<Record<ResourceName, bigint>>;

/** An amount of each resource. */
export function amountsOf(amount: (resource: ResourceName) => bigint): ResourceAmounts {
  return { cpu: amount('cpu'), memory: amount('memory') };
}

export const NOTHING: ResourceAmounts = { cpu: 0n, memory: 0n };

export const addAmounts = (a: ResourceAmounts, b: ResourceAmounts): ResourceAmounts =>
  amountsOf((resource) => a[resource] + b[resource]);

export const multiplyAmounts = (amounts: ResourceAmounts, times: number): ResourceAmounts =>
  amountsOf((resource) => amounts[resource] * BigInt(times));

export const largerAmounts = (a: ResourceAmounts, b: ResourceAmounts): ResourceAmounts =>
  amountsOf((resource) => (a[resource] > b[resource] ? a[resource] : b[resource]));
