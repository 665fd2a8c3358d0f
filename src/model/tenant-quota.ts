import { formatQuantity, parseQuantity } from './quantity';
import { type SkuTier } from './sku';

/** What all pods of a namespace may have together, as a ResourceQuota says it. */
export interface TenantQuota {
  /** Pods that run at the same time. */
  readonly pods: number;
  /** What may be reserved. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** What may be used at most. */
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** The quota of a SKU: as many pods as it allows, each with its request and its limit. */
export function quotaOf({ maxPods, cpu, memory }: SkuTier): TenantQuota {
  const forAll = (quantity: string): string => formatQuantity(parseQuantity(quantity)! * BigInt(maxPods));
  return {
    pods: maxPods,
    requests: { cpu: forAll(cpu.request), memory: forAll(memory.request) },
    limits: { cpu: forAll(cpu.limit), memory: forAll(memory.limit) },
  };
}
