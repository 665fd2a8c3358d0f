import * as pulumi from '@pulumi/pulumi';
import { version } from './package.json';

/** What a property of a resource is to the one who makes it. */
export type Role = 'required' | 'optional' | 'output';

/** The properties a resource has in its state, each as an input: what `get` may be told beforehand. */
export type StateOf<Class extends pulumi.CustomResource> = {
  readonly [Name in Exclude<keyof Class, keyof pulumi.CustomResource>]?: Class[Name] extends pulumi.Output<infer Value>
    ? pulumi.Input<Value>
    : never;
};

/** The role of each property of a resource; it does not compile when arguments and outputs say something else. */
export type Shape<Args, State> = {
  readonly [Name in keyof State]-?: Name extends keyof Args ? RoleOfInput<Args[Name]> : 'output';
};

/** The role of each argument where there are only arguments. */
export type LookUpShape<Args> = { readonly [Name in keyof Args]-?: RoleOfInput<Args[Name]> };

type RoleOfInput<Value> = undefined extends Value ? 'optional' : 'required';

/** Options with the version of the plugin, unless they name one. */
export function withVersion<Options extends pulumi.ResourceOptions>(opts: Options | undefined): Options {
  return pulumi.mergeOptions({ version }, opts) as Options;
}

/**
 * The properties a resource is registered with. Outputs that are not known yet stand in it as undefined: Pulumi makes them properties of the
 * resource then, in a preview too.
 *
 * @throws RunError when a required input is missing, or one is named that the resource does not have
 */
export function propertiesOf(
  type: string,
  name: string,
  shape: Readonly<Record<string, Role>>,
  given: object | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const reads = opts?.id !== undefined;
  const resource = `${type} '${name}'`;
  const isTaken = (role: Role | undefined): boolean => role !== undefined && (reads || role !== 'output');
  const values = takenFrom(resource, shape, given, isTaken);
  if (!reads && opts?.urn === undefined) refuseMissing(resource, shape, values);
  return values;
}

/**
 * The arguments by name, every name of the shape.
 *
 * @throws RunError as {@link propertiesOf} does
 */
export function takenBy(what: string, shape: Readonly<Record<string, Role>>, given: object | undefined): pulumi.Inputs {
  const values = takenFrom(what, shape, given, (role) => role !== undefined);
  refuseMissing(what, shape, values);
  return values;
}

/**
 * Asks the provider; what depends on values that are not known yet is itself not known in a preview.
 *
 * @throws RunError as {@link propertiesOf} does
 */
export function lookUp(
  token: string,
  shape: Readonly<Record<string, Role>>,
  given: object,
  opts: pulumi.InvokeOutputOptions | undefined,
): pulumi.Output<unknown> {
  return pulumi.runtime.invokeOutput(token, takenBy(token, shape, given), { ...opts, version: opts?.version ?? version });
}

/** Whether a value is a resource of a type, also when another copy of this package made it. */
export function isOfType(candidate: unknown, type: string): boolean {
  return typeof candidate === 'object' && candidate !== null && '__pulumiType' in candidate && candidate.__pulumiType === type;
}

/** The values by name; every name of the shape is there. A misspelt input would otherwise be dropped without a word. */
function takenFrom(
  what: string,
  shape: Readonly<Record<string, Role>>,
  given: object | undefined,
  isTaken: (role: Role | undefined) => boolean,
): pulumi.Inputs {
  const values = new Map(Object.entries(given ?? {}) as [string, unknown][]);
  const roleOf = (name: string): Role | undefined => (Object.hasOwn(shape, name) ? shape[name] : undefined);
  const strange = [...values.keys()].filter((name) => !isTaken(roleOf(name)));
  if (strange.length > 0) {
    const names = Object.keys(shape).filter((name) => isTaken(shape[name]));
    throw new pulumi.RunError(`${what} has no input '${strange.join("', '")}'; it takes ${names.join(', ')}.`);
  }
  return Object.fromEntries(Object.keys(shape).map((name) => [name, values.get(name)]));
}

function refuseMissing(what: string, shape: Readonly<Record<string, Role>>, values: pulumi.Inputs): void {
  const missing = Object.keys(shape).filter((name) => shape[name] === 'required' && values[name] === undefined);
  if (missing.length > 0) throw new pulumi.RunError(`${what} needs '${missing.join("', '")}', which is missing.`);
}
