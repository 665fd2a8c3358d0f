import { LOCK_FILE, UNRESOLVED, type Environment, type Platform, type Problem } from '../model';

/** What is still to be done before the platform can run, as notes with the next step. */
export function pendingNotes(platform: Platform, environments: readonly Environment[]): readonly Problem[] {
  return [...environments.flatMap((environment) => pendingOutputs(environment)), ...unresolvedDigests(platform)];
}

function pendingOutputs({ name, outputs, names }: Environment): readonly Problem[] {
  if (outputs !== undefined) return [];
  return [
    {
      location: { file: `clusters/${name}/flux-instance.yaml` },
      message: `waits for the client ids of ${names.readerIdentity} and ${names.writerIdentity}: no outputs are recorded for '${name}'`,
      remedy: `Run \`pulumi up --stack ${name}\`, then \`npx k8s-gitops outputs record --env ${name}\` (docs/azure.md).`,
    },
  ];
}

function unresolvedDigests({ lock }: Platform): readonly Problem[] {
  const artifacts = (['images', 'charts'] as const).flatMap((section) =>
    Object.entries(lock[section]).map(([name, { digest, signer }]) => ({
      name: `${section.slice(0, -1)} ${name}`,
      digest,
      signer,
    })),
  );
  const withoutDigest = artifacts.filter(({ digest }) => digest === UNRESOLVED);
  const withoutSigner = artifacts.filter(({ signer }) => signer === UNRESOLVED);
  const list = (found: typeof artifacts): string => found.map(({ name }) => name).join(', ');
  return [
    ...(withoutDigest.length === 0
      ? []
      : [
          {
            location: { file: LOCK_FILE },
            message: `${withoutDigest.length === 1 ? 'a digest is' : `${withoutDigest.length} digests are`} unresolved: ${list(withoutDigest)}`,
            remedy: 'Run `npx k8s-gitops upgrade` where their registries can be reached; until then they are not released.',
          },
        ]),
    ...(withoutSigner.length === 0
      ? []
      : [
          {
            location: { file: LOCK_FILE },
            message: `nobody has said who signs ${list(withoutSigner)}`,
            remedy:
              'Look at what the publisher says, and run `npx k8s-gitops upgrade --signer REPOSITORY=none` or `--signer REPOSITORY=ISSUER,IDENTITY`.',
          },
        ]),
  ];
}
