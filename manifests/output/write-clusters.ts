import { type Platform, type Problem } from '../../src/model';
import { type SynthesizedEnvironment } from '../synthesize';
import { applyPlan } from './apply-plan';
import { findRemovals, unconfirmedRemovals } from './removal-guard';
import { planWrite, type FileChange, type WritePlan } from './write-plan';

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
  const plan = planClusters(platform, synthesized, { confirmRemoval });
  const { changes, problems } = plan;
  return { changes, problems: problems.length > 0 ? problems : applyPlan(platform.directory, plan) };
}

/** What {@link writeClusters} would write, and all that forbids it, the removal guard included. */
export function planClusters(
  platform: Platform,
  synthesized: readonly SynthesizedEnvironment[],
  { confirmRemoval = false }: WriteClustersOptions = {},
): WritePlan {
  const plan = planWrite(platform, synthesized);
  const unconfirmed = confirmRemoval ? [] : unconfirmedRemovals(findRemovals(plan.changes));
  return { ...plan, problems: [...plan.problems, ...unconfirmed] };
}
