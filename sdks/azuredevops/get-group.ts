import type * as pulumi from '@pulumi/pulumi';
import { lookUp, type LookUpShape } from './utilities';

/** Which group is looked up. */
export interface GetGroupOutputArgs {
  /** Name of the group. */
  readonly name: pulumi.Input<string>;
  /** GUID of its project. @default groups of the organization */
  readonly projectId?: pulumi.Input<string>;
}

/** What is found of a group. */
export interface GetGroupResult {
  /** How permissions and memberships name it. */
  readonly descriptor: string;
  /** GUID of its identity in Azure DevOps: how approvals name it. */
  readonly groupId: string;
  /** Its descriptor, as in `descriptor`. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** Where it comes from, as `vsts` or `aad`. */
  readonly origin: string;
  /** Its id where it comes from: of an Entra group the object id. */
  readonly originId: string;
  /** GUID of its project, as it was asked for. */
  readonly projectId?: string;
}

const SHAPE: LookUpShape<GetGroupOutputArgs> = { name: 'required', projectId: 'optional' };

/** Looks up a group of a project or of the organization. */
export function getGroupOutput(args: GetGroupOutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<GetGroupResult> {
  return lookUp('azuredevops:index/getGroup:getGroup', SHAPE, args, opts) as pulumi.Output<GetGroupResult>;
}
