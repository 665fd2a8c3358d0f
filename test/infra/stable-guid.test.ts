import { stableGuid } from '../../infra/azure/stable-guid';

describe('a stable GUID', () => {
  it('is of version 5, and the same for the same text on every machine', () => {
    expect(stableGuid('myorgdev/registry-pull-kubelet')).toBe('24444f05-bb0f-58ca-8eef-a643993aa01b');
    for (const text of ['', 'a', 'ä', 'x'.repeat(1000)]) {
      expect(stableGuid(text)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('differs for different texts', () => {
    const guids = Array.from({ length: 1000 }, (_, index) => stableGuid(`text ${index}`));
    expect(new Set(guids).size).toBe(1000);
  });
});
