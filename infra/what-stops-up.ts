import { artifactsOf, LOCK_FILE, OUTPUTS_FOLDER, type Environment, type Platform, type Problem } from '../src/model';
import { unrecordedPipelines } from './pipeline-access';

/** What makes a `pulumi up` of an environment stop before it changes anything; a plan only tells it. */
export function whatStopsUp(platform: Platform, environment: Environment): readonly Problem[] {
  return [
    ...unresolvedDigests(platform, environment),
    ...unrecordedOwners(platform, environment),
    ...unrecordedPipelines(platform, environment),
  ];
}

/** What has no digest cannot be verified, so it is not released, and what would pull it is not installed. */
function unresolvedDigests(platform: Platform, environment: Environment): readonly Problem[] {
  return artifactsOf(platform, environment)
    .filter(({ digest }) => digest === undefined)
    .map(({ kind, name, upstream, tag }) => ({
      location: { file: LOCK_FILE },
      message: `the digest of the ${kind} ${name} (${upstream}:${tag}) is unresolved`,
      remedy: 'Run `npx k8s-gitops upgrade` where the publisher can be reached, and commit the lock.',
    }));
}

function unrecordedOwners({ environments }: Platform, { name, registry, vault }: Environment): readonly Problem[] {
  const owners = new Set([registry.sharedWith, vault.sharedWith].filter((owner) => owner !== undefined));
  return [...owners]
    .filter((owner) => environments.find((candidate) => candidate.name === owner)?.outputs === undefined)
    .map((owner) => ({
      location: { file: `${OUTPUTS_FOLDER}/${owner}.yaml` },
      message: `is not there, and '${name}' uses what '${owner}' owns`,
      remedy: `Run \`pulumi up --stack ${owner}\`, then \`npx k8s-gitops outputs record --env ${owner}\`, and commit it.`,
    }));
}
