import type * as pulumi from '@pulumi/pulumi';
import { lookUp, type LookUpShape } from './utilities';

/** Which project is looked up: one of the two. */
export interface GetProjectOutputArgs {
  /** Name of the project. @default none */
  readonly name?: pulumi.Input<string>;
  /** GUID of the project. @default none */
  readonly projectId?: pulumi.Input<string>;
}

/** What is found of a project. */
export interface GetProjectResult {
  /** What it is for. */
  readonly description: string;
  /** Which parts are there: `enabled` or `disabled` by `boards`, `repositories`, `pipelines`, `testplans`, `artifacts`. */
  readonly features: Readonly<Record<string, string>>;
  /** GUID of the project. */
  readonly id: string;
  /** Its name. */
  readonly name?: string;
  /** GUID of its process template. */
  readonly processTemplateId: string;
  /** GUID of the project, as it was asked for; see `id`. */
  readonly projectId?: string;
  /** `Git` or `Tfvc`. */
  readonly versionControl: string;
  /** `private` or `public`. */
  readonly visibility: string;
  /** Name of its process template. */
  readonly workItemTemplate: string;
}

const SHAPE: LookUpShape<GetProjectOutputArgs> = { name: 'optional', projectId: 'optional' };

/** Looks up a project. */
export function getProjectOutput(
  args: GetProjectOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetProjectResult> {
  return lookUp('azuredevops:index/getProject:getProject', SHAPE, args, opts) as pulumi.Output<GetProjectResult>;
}
