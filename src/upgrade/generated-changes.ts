import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { planClusters, synthesize, type FileChange } from '../../manifests';
import { load, LOCK_FILE, OUTPUTS_FOLDER, PLATFORM_FILE, SCAN_EXCEPTIONS_FILE, SYSTEMS_FOLDER, type Platform } from '../model';
import { Refusal, refuseIfAny } from './refusal';

/**
 * Loads and synthesizes the platform as it will be, in a folder of its own, and compares with what is committed.
 *
 * @throws Refusal
 */
export function findGeneratedChanges(
  directory: string,
  inputs: readonly FileChange[],
): { readonly platform: Platform; readonly changes: readonly FileChange[] } {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-upgrade-'));
  try {
    for (const name of [PLATFORM_FILE, LOCK_FILE, SCAN_EXCEPTIONS_FILE, SYSTEMS_FOLDER, OUTPUTS_FOLDER]) {
      const from = path.join(directory, name);
      if (fs.existsSync(from)) fs.cpSync(from, path.join(scratch, name), { recursive: true, verbatimSymlinks: true });
    }
    for (const change of inputs) if ('after' in change) fs.writeFileSync(path.join(scratch, change.path), change.after);
    const loaded = load(scratch);
    if ('problems' in loaded) throw new Refusal(loaded.problems);
    const platform = { ...loaded.platform, directory };
    const { changes, problems } = planClusters(platform, synthesize(platform));
    refuseIfAny(problems);
    return { platform, changes: changes.filter(({ kind }) => kind !== 'unchanged') };
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}
