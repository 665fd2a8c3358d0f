import { SKUS } from '../../src/model';

describe('the SKUs', () => {
  it('are those of product.md', () => {
    const table = Object.entries(SKUS).map(([name, { maxPods, cpu, memory }]) => [
      name,
      maxPods,
      `${cpu.request} → ${cpu.limit}`,
      `${memory.request} → ${memory.limit}`,
    ]);
    expect(table).toEqual([
      ['sku-small', 5, '100m → 1', '128Mi → 1Gi'],
      ['sku-medium', 15, '200m → 2', '256Mi → 4Gi'],
      ['sku-large', 30, '500m → 4', '512Mi → 8Gi'],
      ['sku-batch', 20, '500m → 8', '1Gi → 16Gi'],
    ]);
  });
});
