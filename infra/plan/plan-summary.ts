import { type Plan } from './plan';

const ROLE_ASSIGNMENT = 'azure-native:authorization:RoleAssignment';

/** A plan in one line. */
export interface PlanSummary {
  readonly stack: string;
  /** Resources that a provider makes; components only group. */
  readonly resources: number;
  readonly roleAssignments: number;
  readonly protected: number;
  /** Whether an earlier `pulumi up` was recorded. */
  readonly recorded: boolean;
  /** How much makes `pulumi up` stop before it changes anything, by file. */
  readonly stops: Readonly<Record<string, number>>;
}

/** The figures of a plan. */
export function summarizePlan({ stack, recorded, resources, stops }: Plan): PlanSummary {
  const custom = resources.filter((resource) => resource.custom);
  return {
    stack,
    resources: custom.length,
    roleAssignments: custom.filter(({ type }) => type === ROLE_ASSIGNMENT).length,
    protected: custom.filter((resource) => resource.protect).length,
    recorded,
    stops: countByFile(stops),
  };
}

function countByFile(stops: Plan['stops']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { location } of stops) counts[location.file] = (counts[location.file] ?? 0) + 1;
  return counts;
}
