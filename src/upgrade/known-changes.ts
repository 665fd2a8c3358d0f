import { gt, lte } from 'semver';
import { type FluxComponent } from '../model';

/** Something that works differently from a version on. */
export interface KnownChange {
  readonly product: 'Flux' | 'Flux Operator';
  /** First version that has it. @default - every version has it */
  readonly version?: string;
  /** What is different. */
  readonly what: string;
  /** What to do about it. */
  readonly action: string;
  /** The controllers that it is about. @default - all */
  readonly components?: readonly FluxComponent[];
  /** What shows in a manifest that it is concerned. @default - manifests do not show it */
  readonly sign?: RegExp;
}

const apiVersion = (versions: string): RegExp =>
  new RegExp(String.raw`^\s*(?:- )?apiVersion:\s*["']?(?:${versions})["']?\s*(?:#.*)?$`, 'm');

/** In the order of versions; only what the publishers' release notes and definitions say. */
export const KNOWN_CHANGES: readonly KnownChange[] = [
  {
    product: 'Flux',
    version: '2.6.0',
    what: 'OCIRepository is stable as source.toolkit.fluxcd.io/v1; v1beta2 is deprecated',
    action: 'Write source.toolkit.fluxcd.io/v1 in OCIRepositories.',
    sign: apiVersion('source\\.toolkit\\.fluxcd\\.io/v1beta[12]'),
  },
  {
    product: 'Flux',
    version: '2.7.0',
    what: 'the image APIs are stable as image.toolkit.fluxcd.io/v1; v1beta2 is deprecated',
    action: 'Write image.toolkit.fluxcd.io/v1.',
    components: ['image-reflector-controller', 'image-automation-controller'],
    sign: apiVersion('image\\.toolkit\\.fluxcd\\.io/v1beta2'),
  },
  {
    product: 'Flux',
    version: '2.7.0',
    what: 'v1beta1 of the source, kustomize, image and notification APIs and v2beta1 of HelmRelease are gone',
    action: 'Write the stable version in every repository that Flux applies before you upgrade.',
    sign: apiVersion(
      '(?:source|kustomize|image|notification)\\.toolkit\\.fluxcd\\.io/v1beta1|helm\\.toolkit\\.fluxcd\\.io/v2beta1',
    ),
  },
  {
    product: 'Flux',
    version: '2.8.0',
    what: 'v1beta2 of the source and kustomize APIs and v2beta2 of HelmRelease are gone',
    action: 'Write the stable version in every repository that Flux applies before you upgrade.',
    sign: apiVersion('(?:source|kustomize)\\.toolkit\\.fluxcd\\.io/v1beta2|helm\\.toolkit\\.fluxcd\\.io/v2beta2'),
  },
  {
    product: 'Flux',
    version: '2.8.0',
    what: 'helm-controller is built with Helm 4 and judges by kstatus whether a release is healthy, so that a release may wait for, or fail on, what passed before',
    action: 'Watch the HelmReleases of the first environment until all are ready; the feature gate UseHelm3Defaults goes back.',
    components: ['helm-controller'],
    sign: apiVersion('helm\\.toolkit\\.fluxcd\\.io/v2'),
  },
  {
    product: 'Flux',
    version: '2.9.0',
    what: 'a Kustomization with postBuild fails when a variable in its manifests is not set',
    action:
      'Set it, give it a default (${name:=default}), write $${name} where it is meant literally, or annotate the object with kustomize.toolkit.fluxcd.io/substitute: disabled.',
    components: ['kustomize-controller'],
    sign: /^\s*postBuild:/m,
  },
  {
    product: 'Flux',
    version: '2.9.0',
    what: 'v1beta2 of the image and notification APIs is gone',
    action:
      'Write image.toolkit.fluxcd.io/v1, notification.toolkit.fluxcd.io/v1 for Receivers and v1beta3 for Alerts and Providers before you upgrade.',
    components: ['image-reflector-controller', 'image-automation-controller', 'notification-controller'],
    sign: apiVersion('(?:image|notification)\\.toolkit\\.fluxcd\\.io/v1beta2'),
  },
  {
    product: 'Flux Operator',
    what: 'uninstalling the chart keeps its custom resource definitions',
    action: 'To go back, install the older version of the chart over the newer one; do not uninstall.',
  },
];

/** What is known between two versions. */
export interface KnownChangeVerdict {
  readonly product: KnownChange['product'];
  /** @default - every version has it */
  readonly version?: string;
  readonly what: string;
  readonly action: string;
  /** Whether it concerns this platform; `unknown` where only the repositories of the systems could tell. */
  readonly concerns: 'yes' | 'no' | 'unknown';
  /** Files that show it. */
  readonly files: readonly string[];
}

/**
 * What works differently between two versions.
 *
 * @param components controllers of the platform
 * @param manifests content of the files under `clusters/` by path
 */
export function knownChanges(
  product: KnownChange['product'],
  from: string,
  to: string,
  components: readonly FluxComponent[],
  manifests: ReadonlyMap<string, string>,
): readonly KnownChangeVerdict[] {
  return KNOWN_CHANGES.filter(
    (change) =>
      change.product === product && (change.version === undefined || (gt(change.version, from) && lte(change.version, to))),
  ).map(({ version, what, action, components: needed, sign }) => {
    const common = { product, ...(version === undefined ? {} : { version }), what, action };
    if (needed?.some((component) => components.includes(component)) === false) return { ...common, concerns: 'no', files: [] };
    const files = sign === undefined ? [] : [...manifests].filter(([, text]) => sign.test(text)).map(([file]) => file);
    return { ...common, concerns: files.length > 0 ? 'yes' : 'unknown', files };
  });
}
