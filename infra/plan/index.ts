/** The offline plan of stacks: the way into this room for everything but Pulumi, which runs `infra/index.js`. */
export { EXAMPLE_VALUES } from './answers';
export { shortName, type LookUp, type Plan, type PlannedResource } from './plan';
export { planOrganization, planStack, type PlannedOrganization, type PlannedStack } from './plan-stack';
export { planStacks, type Plans } from './plan-stacks';
export { summarizePlan, type PlanSummary } from './plan-summary';
export { COMPUTED, SECRET, type PlanObject, type PlanValue } from './plan-value';
export { renderPlan, type PlanStyle } from './render-plan';
export { stackOrder, type StackStep } from './stack-order';
