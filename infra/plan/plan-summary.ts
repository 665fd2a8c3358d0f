import { type Plan } from './plan';
import { EXAMPLE_VALUES } from './answers';

const ROLE_ASSIGNMENT = 'azure-native:authorization:RoleAssignment';

/** A plan in one line. */
export interface PlanSummary {
  readonly stack: string;
  /** Resources that a provider makes; components only group. */
  readonly resources: number;
  readonly roleAssignments: number;
  readonly protected: number;
  /** Whether every look-up was answered by what an earlier `pulumi up` recorded. */
  readonly recorded: boolean;
  /** What makes `pulumi up` stop before it changes anything. */
  readonly stops: number;
}

/** The figures of a plan. */
export function summarizePlan({ stack, resources, lookUps, stops }: Plan): PlanSummary {
  const custom = resources.filter((resource) => resource.custom);
  return {
    stack,
    resources: custom.length,
    roleAssignments: custom.filter(({ type }) => type === ROLE_ASSIGNMENT).length,
    protected: custom.filter((resource) => resource.protect).length,
    recorded: lookUps.every(({ answeredBy }) => answeredBy !== EXAMPLE_VALUES),
    stops: stops.length,
  };
}
