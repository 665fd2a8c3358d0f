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
      remedy: `Run \`pulumi up --stack ${name}\`, and record what it learned in outputs/${name}.yaml (docs/model.md).`,
    },
  ];
}

function unresolvedDigests({ lock }: Platform): readonly Problem[] {
  const names = (['images', 'charts'] as const).flatMap((section) =>
    Object.entries(lock[section]).flatMap(([name, { digest }]) =>
      digest === UNRESOLVED ? [`${section.slice(0, -1)} ${name}`] : [],
    ),
  );
  if (names.length === 0) return [];
  return [
    {
      location: { file: LOCK_FILE },
      message: `${names.length === 1 ? 'a digest is' : `${names.length} digests are`} unresolved: ${names.join(', ')}`,
      remedy: 'Read each from where it is published (for example `crane digest ghcr.io/...`) and write it in before you deploy.',
    },
  ];
}
