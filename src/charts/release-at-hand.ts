import { type CentralChart, type JsonObject, type Location, type System } from '../model';

/** Where the chart of a release is. */
export type ReleaseChart =
  | {
      /** A folder of this machine, as a path from the platform folder. */
      readonly kind: 'folder';
      readonly folder: string;
      /** Folder out of which nothing of it may lead: the repository that Flux reads. */
      readonly within: string;
      /** Whether files of values may be missing. @default false */
      readonly ignoreMissingValuesFiles?: boolean;
      /** Files of values that stand in place of the chart's own, as paths from the platform folder. @default - values.yaml */
      readonly valuesFiles?: readonly string[];
    }
  | {
      /** Elsewhere, so that it cannot be rendered here. */
      readonly kind: 'elsewhere';
      readonly reason: string;
    };

/** A Helm release that Flux would make, whoever declares it. */
export interface ReleaseAtHand {
  readonly environment: string;
  readonly system: System;
  /** Name of the HelmRelease. */
  readonly name: string;
  /** Name of the Helm release. */
  readonly releaseName: string;
  readonly namespace: string;
  /** Namespace in which Helm keeps what it knows of the release. */
  readonly storageNamespace: string;
  readonly chart: ReleaseChart;
  /** The central chart that it is of. @default - of another chart */
  readonly central?: CentralChart;
  readonly values: JsonObject;
  /** Where it is declared. */
  readonly location: Location;
  /** Whether its declaration has problems, so that it is not rendered. @default false */
  readonly broken?: boolean;
}
