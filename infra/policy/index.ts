/** The rules that every stack follows, to be run over an offline plan; Pulumi's engine starts the same ones by `start-pack.js`. */
export { checkPlan } from './check-plan';
export { type Violation } from './violation';
export { policies } from './policies';
export { policyFacts, type PolicyFacts } from './policy-facts';
