/** The kinds of pipeline resources that a check can protect. */
export type CheckTargetResourceType = 'endpoint' | 'environment' | 'queue' | 'repository' | 'securefile' | 'variablegroup';
