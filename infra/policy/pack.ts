import * as path from 'node:path';
import { PolicyPack } from '@pulumi/policy';
import { formatProblem, load } from '../../src/model';
import { refusal } from '../azure/refusal';
import { policies } from './policies';
import { policyFacts } from './policy-facts';

/** The folder that holds `platform.yaml`, wherever Pulumi starts the pack. */
const PLATFORM_FOLDER = path.join(__dirname, '..', '..');

/**
 * Serves the rules to Pulumi's engine, for the platform of this repository.
 *
 * @throws pulumi.RunError with every problem of the model
 */
export function startPack(): void {
  const result = load(PLATFORM_FOLDER);
  if ('problems' in result) throw refusal(result.problems.map(formatProblem).join('\n'));
  new PolicyPack('k8s-gitops', { enforcementLevel: 'mandatory', policies: policies(policyFacts(result.platform)) });
}
