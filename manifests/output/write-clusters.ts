import { type Platform, type Problem } from '../../src/model';
import { type SynthesizedEnvironment } from '../synthesize';
import { applyPlan } from './apply-plan';
import { findRemovals, unconfirmedRemovals } from './removal-guard';
import { planWrite, type FileChange } from './write-plan';

export interface WriteClustersOptions {
  /** Whether many removals, or one of a system that bears data, are meant. @default false */
  readonly confirmRemoval?: boolean;
}

/** What was written, or what forbade it; with a problem nothing was written. */
export interface WriteClustersResult {
  readonly changes: readonly FileChange[];
  readonly problems: readonly Problem[];
}

/** Brings `clusters/` to what was synthesized. */
export function writeClusters(
  platform: Platform,
  synthesized: readonly SynthesizedEnvironment[],
  { confirmRemoval = false }: WriteClustersOptions = {},
): WriteClustersResult {
  const plan = planWrite(platform, synthesized);
  const unconfirmed = confirmRemoval ? [] : unconfirmedRemovals(findRemovals(plan.changes));
  const problems = [...plan.problems, ...unconfirmed];
  return { changes: plan.changes, problems: problems.length > 0 ? problems : applyPlan(platform.directory, plan) };
}
