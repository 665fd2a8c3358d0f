import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of an environment. */
export interface EnvironmentArgs {
  /** What it is for. @default none */
  readonly description?: pulumi.Input<string>;
  /** Name by which pipelines use it. @default the name of the resource and a random suffix */
  readonly name?: pulumi.Input<string>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
}

/** What may be told of an environment that is looked up with `Environment.get`. */
export type EnvironmentState = StateOf<Environment>;

const SHAPE: Shape<EnvironmentArgs, EnvironmentState> = {
  description: 'optional',
  name: 'optional',
  projectId: 'required',
};

/** An environment of Azure Pipelines, which deployment jobs name and checks protect. Its id is a number written as text. */
export class Environment extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/environment:Environment';

  /** See {@link EnvironmentArgs.description}. */
  declare public readonly description: pulumi.Output<string | undefined>;
  /** See {@link EnvironmentArgs.name}. */
  declare public readonly name: pulumi.Output<string>;
  /** See {@link EnvironmentArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;

  public constructor(name: string, args: EnvironmentArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(name: string, given: EnvironmentArgs | EnvironmentState | undefined, opts?: pulumi.CustomResourceOptions) {
    super(Environment.__pulumiType, name, propertiesOf(Environment.__pulumiType, name, SHAPE, given, opts), withVersion(opts));
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: EnvironmentState,
    opts?: pulumi.CustomResourceOptions,
  ): Environment {
    return new Environment(name, state as unknown as EnvironmentArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is Environment {
    return isOfType(candidate, Environment.__pulumiType);
  }
}
