import type * as pulumi from '@pulumi/pulumi';
import { lookUp, type LookUpShape } from './utilities';

/** Which agent queue is looked up. */
export interface GetAgentQueueOutputArgs {
  /** Name of the queue, which is that of its agent pool. */
  readonly name: pulumi.Input<string>;
  /** GUID of its project. */
  readonly projectId: pulumi.Input<string>;
}

/** What is found of an agent queue. */
export interface GetAgentQueueResult {
  /** Number of its agent pool. */
  readonly agentPoolId: number;
  /** Number of the queue, written as text: how checks and authorizations name it. */
  readonly id: string;
  /** Its name. */
  readonly name: string;
  /** GUID of its project. */
  readonly projectId: string;
}

const SHAPE: LookUpShape<GetAgentQueueOutputArgs> = { name: 'required', projectId: 'required' };

/** Looks up the queue by which a project uses an agent pool. */
export function getAgentQueueOutput(
  args: GetAgentQueueOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetAgentQueueResult> {
  return lookUp('azuredevops:index/getAgentQueue:getAgentQueue', SHAPE, args, opts) as pulumi.Output<GetAgentQueueResult>;
}
