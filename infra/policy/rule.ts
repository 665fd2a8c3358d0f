import {
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from '@pulumi/policy';
import { type PlanObject } from '../plan/plan-value';
import { findingText, type Finding } from './finding';
import { knownProps } from './known-value';
import { azureType, stackOf } from './resource-type';

/** A resource that a rule looks at. */
export interface CheckedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Name of its stack. */
  readonly stack: string;
  /** Inputs; for a rule over a stack, in the engine, with what the resource has besides. */
  readonly props: PlanObject;
  /** Whether `pulumi` refuses to delete it. */
  readonly protect: boolean;
}

/** A resource among those of its stack. */
export interface StackResource extends CheckedResource {
  /** The resources that an input's value comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly { readonly urn: string; readonly type: string }[]>>;
}

interface RuleText {
  /** In kebab-case. */
  readonly name: string;
  /** What may not be, and whose rule it is. */
  readonly description: string;
}

/** A rule over one resource at a time. */
export interface ResourceRule extends RuleText {
  /** Whether the rule is about resources of a type. */
  readonly about: (type: string) => boolean;
  readonly check: (resource: CheckedResource) => readonly Finding[];
}

/** A rule over all resources of a stack. */
export interface StackRule extends RuleText {
  readonly check: (stack: { readonly name: string; readonly resources: readonly StackResource[] }) => readonly Finding[];
}

/** A rule over one resource at a time, as Pulumi takes it. */
export function resourcePolicy({ name, description, about, check }: ResourceRule): ResourceValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: 'mandatory',
    validateResource: (args, report) => {
      if (!about(args.type)) args.notApplicable(`It says nothing about ${args.type}`);
      for (const finding of check(checkedResource(args))) report(findingText(finding), finding.urn);
    },
  };
}

/** A rule over all resources of a stack, as Pulumi takes it. */
export function stackPolicy({ name, description, check }: StackRule): StackValidationPolicy {
  return {
    name,
    description,
    enforcementLevel: 'mandatory',
    validateStack: (args, report) => {
      const { resources } = args;
      if (resources.length === 0) args.notApplicable('The stack is empty');
      const checked = resources.map((resource) => ({
        ...checkedResource(resource),
        propertyDependencies: resource.propertyDependencies,
      }));
      for (const finding of check({ name: checked[0]!.stack, resources: checked })) report(findingText(finding), finding.urn);
    },
  };
}

function checkedResource({ type, name, urn, props, opts }: ResourceValidationArgs | PolicyResource): CheckedResource {
  return { type, name, urn, stack: stackOf(urn), props: knownProps(props), protect: opts.protect };
}

/** Whether a type is one of these of azure-native, such as `keyvault:Vault`, in whichever version of its API. */
export const azureTypes =
  (...types: readonly string[]) =>
  (type: string): boolean =>
    types.includes(azureType(type) ?? '');
