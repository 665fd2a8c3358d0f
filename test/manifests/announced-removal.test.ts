import { manifestsOf, specOf } from '../support/manifests';

describe('a system that is announced to go', () => {
  const manifests = manifestsOf('valid/announced-removal', 'clusters/dev/systems/shop.yaml');

  it('deploys no change of its repository any more', () => {
    expect(specOf('GitRepository', manifests)['suspend']).toBe(true);
  });

  it('keeps its Kustomization active, because Flux prunes nothing of a suspended one that is deleted', () => {
    expect(specOf('Kustomization', manifests)['suspend']).toBeUndefined();
  });

  it('says so on every object', () => {
    expect(manifests.map(({ metadata }) => metadata.annotations)).toEqual(
      manifests.map(() => ({ 'k8s-gitops/removal-announced': '2026-11-20' })),
    );
  });
});
