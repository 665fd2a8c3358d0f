import { type LockFile } from './lock-file';
import { type OrganizationConfig } from './organization-config-file';
import { type OrganizationOutputsFile } from './organization-outputs-file';
import { type OutputsFile } from './outputs-file';
import { type PlatformFile } from './platform-file';
import { type ScanExceptionsFile } from './scan-exceptions-file';
import { type StackConfig } from './stack-config-file';
import { type SystemFile } from './system-file';
import { type YamlFile } from './yaml-file';

/** An input file whose content follows its schema. */
export interface Source<Content> {
  readonly yaml: YamlFile;
  readonly content: Content;
}

/** The settings of the stack `organization`. */
export type OrganizationSource = Source<{ readonly config: OrganizationConfig }>;

/** The input files by what they declare; a file that breaks its schema is absent, but its name is known. */
export interface Sources {
  readonly platform: Source<PlatformFile>;
  readonly lock?: Source<LockFile>;
  readonly scanExceptions?: Source<ScanExceptionsFile>;
  /** By system. */
  readonly systems: ReadonlyMap<string, Source<SystemFile>>;
  /** By environment. */
  readonly outputs: ReadonlyMap<string, Source<OutputsFile>>;
  /** Configuration of stacks, by environment. */
  readonly stackConfigs: ReadonlyMap<string, Source<{ readonly config: StackConfig }>>;
  /** Configuration of the stack `organization`. */
  readonly organizationConfig?: OrganizationSource;
  /** What the stack `organization` learned. */
  readonly organizationOutputs?: Source<OrganizationOutputsFile>;
  /** Names of the files beside platform.yaml that look like the settings of a stack, `Pulumi.<stack>.yaml`. */
  readonly stackFiles: readonly string[];
  /** Every system that has a file, readable or not. */
  readonly systemNames: ReadonlySet<string>;
}
