import * as pulumi from '@pulumi/pulumi';
import {
  ORGANIZATION_STACK,
  outputsPath,
  PIPELINE_SHORT_NAMES,
  type Environment,
  type Platform,
  type Problem,
  type StackSettings,
} from '../src/model';
import { type Access, type Principals } from './azure/principal';

/**
 * Who may do what with the registry or the Key Vault of an environment: who is configured, and the pipelines of this environment and of those
 * that share it, as the stack `organization` made them.
 */
export function accessTo(
  resource: 'registry' | 'vault',
  platform: Platform,
  environment: Environment,
  settings: StackSettings,
): Access {
  const { access } = settings;
  const users = pipelineUsers(resource, platform, environment);
  const made = (pipeline: keyof typeof PIPELINE_SHORT_NAMES): Principals => {
    const seen = new Set<string>();
    return Object.fromEntries(
      users.flatMap((user) => {
        const recorded = user.pipelines?.[pipeline].principalId;
        // Environments that share a service connection share its identity too.
        if (recorded !== undefined && seen.has(recorded.toLowerCase())) return [];
        if (recorded !== undefined) seen.add(recorded.toLowerCase());
        const name = user === environment ? PIPELINE_SHORT_NAMES[pipeline] : `${PIPELINE_SHORT_NAMES[pipeline]}-${user.name}`;
        return [[name, { principalId: recorded ?? unknownId(), principalType: 'ServicePrincipal' as const }] as const];
      }),
    );
  };
  return {
    platformPipelines: { ...access.platformPipelines, ...made('platform') },
    applicationPipelines: { ...access.applicationPipelines, ...made('applications') },
    verifiers: { ...access.verifiers, ...made('pullRequests') },
  };
}

/** The identities of pipelines that an environment's stack needs and that nobody has recorded. */
export function unrecordedPipelines(platform: Platform, environment: Environment): readonly Problem[] {
  const waiting = new Set(
    [
      ...(['registry', 'vault'] as const).flatMap((resource) => pipelineUsers(resource, platform, environment)),
      ...(platform.organization === undefined ? [] : [environment]),
    ].filter((user) => !isRecorded(user)),
  );
  return [...waiting].map(({ name, dryRun, pipelines }) => ({
    location: { file: outputsPath(ORGANIZATION_STACK) },
    message:
      platform.organization?.outputs === undefined
        ? `is not there, and the stack '${ORGANIZATION_STACK}' makes the identities of the pipelines of '${name}'`
        : pipelines === undefined
          ? `records no identities of the pipelines of '${name}'`
          : `records no identity that dry-runs on '${name}', which has 'dryRun: ${dryRun}'`,
    remedy: `Run \`pulumi up --stack ${ORGANIZATION_STACK}\`, then \`npx k8s-gitops outputs record --stack ${ORGANIZATION_STACK}\`, and commit it.`,
  }));
}

/** Who dry-runs on the cluster of an environment. @returns `undefined` where nobody does */
export function dryRunPrincipal({ dryRun, stack, pipelines }: Environment): pulumi.Input<string> | undefined {
  if (dryRun === 'none') return undefined;
  return stack?.dryRunPrincipalId ?? pipelines?.dryRun?.principalId ?? unknownId();
}

const isRecorded = ({ pipelines, dryRun }: Environment): boolean =>
  pipelines !== undefined && (dryRun === 'none' || pipelines.dryRun !== undefined);

/** The environments whose pipelines use a registry or Key Vault of this one; none where no stack `organization` makes pipelines. */
function pipelineUsers(
  resource: 'registry' | 'vault',
  { organization, environments }: Platform,
  environment: Environment,
): readonly Environment[] {
  if (organization === undefined || environment[resource].sharedWith !== undefined) return [];
  // The owner first: an identity that it shares with others is called as its own.
  return [environment, ...environments.filter((user) => user[resource].sharedWith === environment.name)];
}

/** What a preview does not know, and an `up` has stopped for already. */
const unknownId = (): pulumi.Output<string> => pulumi.output(pulumi.unknown as unknown as string);
