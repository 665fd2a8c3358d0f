import * as pulumi from '@pulumi/pulumi';
import { setMockOptions } from '@pulumi/pulumi/runtime/settings';
import { refusal } from '../azure/refusal';
import { type PlanMonitor } from './plan-monitor';

/** Runs a program against a monitor in the place of an engine, as in a preview. */
export async function evaluate(program: () => Promise<Record<string, unknown>>, monitor: PlanMonitor): Promise<PlanMonitor> {
  // Not part of Pulumi's public interface; the version is pinned.
  if (typeof setMockOptions !== 'function') {
    throw new Error(
      '@pulumi/pulumi/runtime/settings has no setMockOptions any more: the offline plan has to follow this version.',
    );
  }
  setMockOptions(monitor, monitor.project, monitor.stack, true, 'offline');
  const failures: unknown[] = [];
  const noteFailure = (reason: unknown): void => {
    failures.push(reason);
  };
  // What fails within a value that nobody awaits.
  process.on('unhandledRejection', noteFailure);
  const sourceMaps = process.sourceMapsEnabled;
  // Pulumi takes a stack trace for every value; to map each back to TypeScript would cost a fifth of the plan.
  process.setSourceMapsEnabled(false);
  try {
    await pulumi.runtime.runInPulumiStack(program);
    await pulumi.runtime.disconnect();
  } finally {
    // What a program that was refused leaves behind is rejected only after it.
    await new Promise(setImmediate);
    process.setSourceMapsEnabled(sourceMaps);
    process.off('unhandledRejection', noteFailure);
  }
  if (failures.length > 0) throw failures[0];
  if (monitor.twice.length > 0)
    throw refusal(`Two resources have the same URN, which Pulumi refuses: ${monitor.twice.join(', ')}`);
  return monitor;
}
