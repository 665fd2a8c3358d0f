import * as pulumi from '@pulumi/pulumi';
import { setMockOptions } from '@pulumi/pulumi/runtime/settings';
import { type Environment, type Platform, type StackSettings } from '../../src/model';
import { refusal } from '../azure/refusal';
import { pathFromProgram } from '../registry-config';
import { type Effects, type StackContext, type StackProgram } from '../stack-program';
import { whatStopsUp } from '../what-stops-up';
import { recordedAnswers } from './answers';
import { type Plan } from './plan';
import { PlanMonitor } from './plan-monitor';

/** Name of the Pulumi project in the URNs of a plan; a fork may call its own differently. */
export const DEFAULT_PROJECT = 'k8s-gitops';

/** An environment whose stack is configured. */
export interface PlannedStack {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly settings: StackSettings;
  /** Name of the Pulumi project. @default k8s-gitops */
  readonly project?: string | undefined;
}

/**
 * What `pulumi preview` of an environment's stack would show, without a cloud, an engine or a plugin.
 *
 * The real program runs in this process, so plans are made one after another. What providers check and name by themselves is not seen.
 *
 * @returns the plan, or why the program refuses to go on
 */
export async function planStack(stack: PlannedStack): Promise<Plan | { readonly refusal: string }> {
  const warnings: string[] = [];
  const { platform, environment, settings, project = DEFAULT_PROJECT } = stack;
  const context: StackContext = { platform, environment, settings, effects: offlineEffects(warnings) };
  const observer = new PlanMonitor(project, environment.name, recordedAnswers(context));
  const monitor = await evaluate(() => environmentStack()(context), observer).catch((error: unknown) => {
    if (pulumi.RunError.isInstance(error)) return { refusal: error.message };
    throw error;
  });
  if ('refusal' in monitor) return monitor;
  return {
    stack: environment.name,
    recorded: environment.outputs !== undefined,
    resources: [...monitor.resources.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    lookUps: monitor.lookUps,
    outputs: monitor.outputs,
    warnings,
    stops: whatStopsUp(platform, environment),
  };
}

/** Nothing outside is touched; what would be signed in to is only named. */
function offlineEffects(warnings: string[]): Effects {
  return {
    signInToRegistry: () => Promise.resolve(),
    kubeconfigFile: pathFromProgram,
    // What there is to request stands in the outputs.
    info: () => undefined,
    warn: (message) => warnings.push(message),
  };
}

/** Loaded when it is needed, and by its interface: the types of the cloud's resources are checked apart (infra/tsconfig.json). */
function environmentStack(): StackProgram {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  return (require('../environment-stack') as { readonly environmentStack: StackProgram }).environmentStack;
}

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
    process.setSourceMapsEnabled(sourceMaps);
    process.off('unhandledRejection', noteFailure);
  }
  if (failures.length > 0) throw failures[0];
  if (monitor.twice.length > 0)
    throw refusal(`Two resources have the same URN, which Pulumi refuses: ${monitor.twice.join(', ')}`);
  return monitor;
}
