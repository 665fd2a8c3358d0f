/** One tier of a tenant's resources; per container `request` is the default and `limit` both default and maximum. */
export interface SkuTier {
  /** Pods the namespace may run at the same time. */
  readonly maxPods: number;
  /** Kubernetes CPU quantities. */
  readonly cpu: { readonly request: string; readonly limit: string };
  /** Kubernetes memory quantities. */
  readonly memory: { readonly request: string; readonly limit: string };
}

/** Every SKU there is: the only place where their figures stand. */
export const SKUS = {
  'sku-small': { maxPods: 5, cpu: { request: '100m', limit: '1' }, memory: { request: '128Mi', limit: '1Gi' } },
  'sku-medium': { maxPods: 15, cpu: { request: '200m', limit: '2' }, memory: { request: '256Mi', limit: '4Gi' } },
  'sku-large': { maxPods: 30, cpu: { request: '500m', limit: '4' }, memory: { request: '512Mi', limit: '8Gi' } },
  'sku-batch': { maxPods: 20, cpu: { request: '500m', limit: '8' }, memory: { request: '1Gi', limit: '16Gi' } },
} as const satisfies Record<string, SkuTier>;

export type SkuName = keyof typeof SKUS;

export const SKU_NAMES = Object.keys(SKUS) as [SkuName, ...SkuName[]];
