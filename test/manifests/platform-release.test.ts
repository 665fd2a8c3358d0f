import { parseAllDocuments } from 'yaml';
import { stringify } from '../../manifests/stringify';
import { manifestsOf, specOf } from '../support/manifests';

describe('a HelmRelease of the platform', () => {
  it('keeps null and what is empty in values, for with null Helm removes a default of the chart', () => {
    const { values } = specOf(
      'HelmRelease',
      manifestsOf('valid/other-chart-and-host-in-one-environment', 'clusters/dev/systems/shop.yaml'),
    );
    expect(values).toEqual({
      aadGroupId: '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02',
      sku: 'sku-small',
      resources: { limits: null },
      empty: {},
      none: [],
    });
  });

  it('leaves the namespace to the central chart, which brings it, and to Helm for any other chart', () => {
    const createNamespace = (file: string): unknown =>
      (
        specOf('HelmRelease', manifestsOf('valid/other-chart-and-host-in-one-environment', file))['install'] as {
          createNamespace: unknown;
        }
      ).createNamespace;
    expect(createNamespace('clusters/dev/systems/shop.yaml')).toBe(false);
    expect(createNamespace('clusters/prod/systems/shop.yaml')).toBe(true);
  });

  it('is what others wait for when they depend on its system', () => {
    const shop = specOf(
      'Kustomization',
      manifestsOf('valid/system-depends-on-platform-release', 'clusters/dev/systems/shop.yaml'),
    );
    expect(shop).toMatchObject({
      healthChecks: [{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop', namespace: 'flux-system' }],
    });
    expect(shop).not.toHaveProperty('wait');
    const web = specOf('Kustomization', manifestsOf('valid/system-depends-on-platform-release', 'clusters/dev/systems/web.yaml'));
    expect(web).toMatchObject({ dependsOn: [{ name: 'shop' }] });
  });
});

describe('YAML that Flux reads', () => {
  it('has quotes wherever some version of YAML would read something else than a text', () => {
    const texts = [
      '0o17',
      '0x1F',
      '0b1',
      '-0o7',
      '017',
      '1e3',
      'on',
      'yes',
      'null',
      '~',
      '12:30',
      '2026-10-05',
      '1_000',
      '',
      ' a',
      '-',
      '1.0',
      '.5',
      '0777',
    ];
    const yaml = stringify(Object.fromEntries(texts.map((text, index) => [String.fromCharCode(97 + index), text])));
    for (const version of ['1.1', '1.2'] as const) {
      const [document] = parseAllDocuments(yaml, { version });
      expect(Object.values((document as { toJS(): object }).toJS())).toEqual(texts);
    }
  });

  it('has its keys in order and repeats what is used twice', () => {
    const shared = { x: 1 };
    expect(stringify({ b: shared, a: shared })).toBe('a:\n  x: 1\nb:\n  x: 1\n');
  });
});
