import * as pulumi from '@pulumi/pulumi';
import { type CheckTargetResourceType } from './check-target-resource-type';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** A template that a pipeline has to extend. */
export interface CheckRequiredTemplateRequiredTemplate {
  /** Where the template is: for Azure Repos `<project>/<repository>`. */
  readonly repositoryName: pulumi.Input<string>;
  /** Ref the template is taken from, as `refs/heads/main`. */
  readonly repositoryRef: pulumi.Input<string>;
  /** Host of the repository. @default azuregit */
  readonly repositoryType?: pulumi.Input<'azuregit' | 'github' | 'githubenterprise' | 'bitbucket'>;
  /** Path of the template in the repository. */
  readonly templatePath: pulumi.Input<string>;
}

/** The inputs of a required template. */
export interface CheckRequiredTemplateArgs {
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** The templates, at least one. */
  readonly requiredTemplates: pulumi.Input<readonly pulumi.Input<CheckRequiredTemplateRequiredTemplate>[]>;
  /**
   * Id of what is protected. Of a repository `<GUID of the project>.<GUID of the repository>`. Another one replaces the check.
   */
  readonly targetResourceId: pulumi.Input<string>;
  /** Kind of what is protected. */
  readonly targetResourceType: pulumi.Input<CheckTargetResourceType>;
}

/** What may be told of a required template that is looked up with `CheckRequiredTemplate.get`. */
export type CheckRequiredTemplateState = StateOf<CheckRequiredTemplate>;

const SHAPE: Shape<CheckRequiredTemplateArgs, CheckRequiredTemplateState> = {
  projectId: 'required',
  requiredTemplates: 'required',
  targetResourceId: 'required',
  targetResourceType: 'required',
  version: 'output',
};

/**
 * Only pipelines that extend one of the templates may use the resource. Every path to it has to be given: the templates are
 * alternatives.
 */
export class CheckRequiredTemplate extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/checkRequiredTemplate:CheckRequiredTemplate';

  /** See {@link CheckRequiredTemplateArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link CheckRequiredTemplateArgs.requiredTemplates}. */
  declare public readonly requiredTemplates: pulumi.Output<pulumi.Unwrap<CheckRequiredTemplateRequiredTemplate>[]>;
  /** See {@link CheckRequiredTemplateArgs.targetResourceId}. */
  declare public readonly targetResourceId: pulumi.Output<string>;
  /** See {@link CheckRequiredTemplateArgs.targetResourceType}. */
  declare public readonly targetResourceType: pulumi.Output<string>;
  /** Counts its changes. */
  declare public readonly version: pulumi.Output<number>;

  public constructor(name: string, args: CheckRequiredTemplateArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: CheckRequiredTemplateArgs | CheckRequiredTemplateState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      CheckRequiredTemplate.__pulumiType,
      name,
      propertiesOf(CheckRequiredTemplate.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: CheckRequiredTemplateState,
    opts?: pulumi.CustomResourceOptions,
  ): CheckRequiredTemplate {
    return new CheckRequiredTemplate(name, state as unknown as CheckRequiredTemplateArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is CheckRequiredTemplate {
    return isOfType(candidate, CheckRequiredTemplate.__pulumiType);
  }
}
