import { type HelmReleaseProps } from '../flux/helm-release';

/** What every release says, whatever its chart. Its `releaseName` is always given: Flux's own is `<targetNamespace>-<name>`. */
export type ReleaseProps = Omit<HelmReleaseProps, 'chart' | 'createNamespace' | 'values'>;
