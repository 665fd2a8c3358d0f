import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of an authorization. */
export interface PipelineAuthorizationArgs {
  /**
   * The pipeline, as a number: the id of a BuildDefinition is text, so `.apply(Number)`. Left out, **every** pipeline of the
   * project may use it.
   *
   * @default every pipeline
   */
  readonly pipelineId?: pulumi.Input<number>;
  /** GUID of the project of the pipeline. @default projectId */
  readonly pipelineProjectId?: pulumi.Input<string>;
  /** GUID of the project of the resource. */
  readonly projectId: pulumi.Input<string>;
  /**
   * Id of the resource. Of a repository its bare GUID: the provider puts the project before it (a check wants
   * `<project>.<repository>` instead).
   */
  readonly resourceId: pulumi.Input<string>;
  /** Kind of the resource. */
  readonly type: pulumi.Input<'endpoint' | 'queue' | 'variablegroup' | 'environment' | 'repository'>;
}

/** What may be told of an authorization that is looked up with `PipelineAuthorization.get`. */
export type PipelineAuthorizationState = StateOf<PipelineAuthorization>;

const SHAPE: Shape<PipelineAuthorizationArgs, PipelineAuthorizationState> = {
  pipelineId: 'optional',
  pipelineProjectId: 'optional',
  projectId: 'required',
  resourceId: 'required',
  type: 'required',
};

/** Lets one pipeline use a protected resource (`pipelineId`), or every pipeline of the project. Every change replaces it. */
export class PipelineAuthorization extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/pipelineAuthorization:PipelineAuthorization';

  /** See {@link PipelineAuthorizationArgs.pipelineId}. */
  declare public readonly pipelineId: pulumi.Output<number | undefined>;
  /** See {@link PipelineAuthorizationArgs.pipelineProjectId}. */
  declare public readonly pipelineProjectId: pulumi.Output<string | undefined>;
  /** See {@link PipelineAuthorizationArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link PipelineAuthorizationArgs.resourceId}. */
  declare public readonly resourceId: pulumi.Output<string>;
  /** See {@link PipelineAuthorizationArgs.type}. */
  declare public readonly type: pulumi.Output<string>;

  public constructor(name: string, args: PipelineAuthorizationArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: PipelineAuthorizationArgs | PipelineAuthorizationState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      PipelineAuthorization.__pulumiType,
      name,
      propertiesOf(PipelineAuthorization.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: PipelineAuthorizationState,
    opts?: pulumi.CustomResourceOptions,
  ): PipelineAuthorization {
    return new PipelineAuthorization(name, state as unknown as PipelineAuthorizationArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is PipelineAuthorization {
    return isOfType(candidate, PipelineAuthorization.__pulumiType);
  }
}
