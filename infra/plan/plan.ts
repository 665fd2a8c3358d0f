import { type Problem } from '../../src/model';
import { type Violation } from '../policy/violation';
import { type PlanObject } from './plan-value';

/** A resource that `pulumi up` would make, as the program registers it. */
export interface PlannedResource {
  readonly urn: string;
  /** Type token, such as `azure-native:keyvault:Vault`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** URN. @default - it is the stack itself */
  readonly parent?: string;
  /** Whether a provider makes it; components only group. */
  readonly custom: boolean;
  readonly inputs: PlanObject;
  /** URNs of everything that has to be there before. */
  readonly dependencies: readonly string[];
  /** Of these, the URNs that an input's value comes from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Whether `pulumi` refuses to delete it. */
  readonly protect: boolean;
  /** Whether it stays in the cloud when it leaves the stack. */
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  /** Inputs whose changes are left alone. */
  readonly ignoreChanges: readonly string[];
  /** URN of its provider. @default - the default provider of its package */
  readonly provider?: string;
  /** Version of its provider's plugin. @default - none is asked for */
  readonly version?: string;
  /** Longest time for it to be made. @default - the provider's */
  readonly createTimeout?: string;
}

/** A question that the program asks a provider while it runs. */
export interface LookUp {
  readonly token: string;
  readonly args: PlanObject;
  /** URN of the provider that is asked. @default - the default provider of its package */
  readonly provider?: string;
  /** Where the answer comes from. */
  readonly answeredBy: string;
}

/** What `pulumi up` would make of a stack, worked out without a cloud. */
export interface Plan {
  readonly stack: string;
  /** Whether an earlier `pulumi up` was recorded; otherwise example values answer the look-ups. */
  readonly recorded: boolean;
  /** In the order of their URNs. */
  readonly resources: readonly PlannedResource[];
  readonly lookUps: readonly LookUp[];
  /** Outputs of the stack. */
  readonly outputs: PlanObject;
  readonly warnings: readonly string[];
  /** What the program tells besides. */
  readonly notes: readonly string[];
  /** What makes `pulumi up` stop before it changes anything. */
  readonly stops: readonly Problem[];
  /** Rules of infra/policy that it breaks. */
  readonly violations: readonly Violation[];
}

/** The short name by which a resource is told: its type without package, and its name. */
export function shortName({ type, name }: Pick<PlannedResource, 'type' | 'name'>): string {
  return `${type.split(':').at(-1)!} ${name}`;
}
