import { quotaOf, SKUS } from '../../src/model';

describe('the quota of a SKU', () => {
  it('is as many pods as it allows, each with its request and limit', () => {
    expect(Object.fromEntries(Object.entries(SKUS).map(([name, tier]) => [name, quotaOf(tier)]))).toEqual({
      'sku-small': { pods: 5, requests: { cpu: '500m', memory: '640Mi' }, limits: { cpu: '5', memory: '5Gi' } },
      'sku-medium': { pods: 15, requests: { cpu: '3', memory: '3840Mi' }, limits: { cpu: '30', memory: '60Gi' } },
      'sku-large': { pods: 30, requests: { cpu: '15', memory: '15Gi' }, limits: { cpu: '120', memory: '240Gi' } },
      'sku-batch': { pods: 20, requests: { cpu: '10', memory: '20Gi' }, limits: { cpu: '160', memory: '320Gi' } },
    });
  });

  it('adds up quantities in any notation', () => {
    const tier = { maxPods: 3, cpu: { request: '0.25', limit: '1.5' }, memory: { request: '1500M', limit: '1.5Gi' } };
    expect(quotaOf(tier)).toEqual({
      pods: 3,
      requests: { cpu: '750m', memory: '4500M' },
      limits: { cpu: '4500m', memory: '4608Mi' },
    });
  });
});
