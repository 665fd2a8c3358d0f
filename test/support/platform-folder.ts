import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { onCleanup } from './cleanup';

export const REPOSITORY = path.join(__dirname, '..', '..');
export const FIXTURES = path.join(REPOSITORY, 'test', 'fixtures');

const created: string[] = [];

onCleanup(() => {
  for (const folder of created.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-test-'));
  created.push(folder);
  return folder;
}

/**
 * A copy of the base platform with a fixture laid over it; `DELETE` in the fixture lists what the base has and the fixture has not.
 *
 * @param fixture folder below test/fixtures. Default: the base platform alone
 */
export function platformFolder(fixture?: string): string {
  const folder = temporaryFolder();
  fs.cpSync(path.join(FIXTURES, 'base'), folder, { recursive: true });
  if (fixture === undefined) return folder;
  const overlay = path.join(FIXTURES, fixture);
  const deletions = path.join(overlay, 'DELETE');
  if (fs.existsSync(deletions)) {
    for (const file of fs.readFileSync(deletions, 'utf8').trim().split('\n'))
      fs.rmSync(path.join(folder, file), { recursive: true });
  }
  fs.cpSync(overlay, folder, { recursive: true, verbatimSymlinks: true });
  for (const file of ['DELETE', 'expected.txt']) fs.rmSync(path.join(folder, file), { force: true });
  return folder;
}

/** A copy of a fixture that is a whole platform by itself. */
export function wholePlatformFolder(fixture: string): string {
  const folder = temporaryFolder();
  fs.cpSync(path.join(FIXTURES, fixture), folder, { recursive: true });
  return folder;
}

/** Content of every file below a folder by relative path, symbolic links as their target. */
export function snapshotFolder(root: string, folder = ''): Record<string, string> {
  if (!fs.existsSync(path.join(root, folder))) return {};
  return Object.assign(
    {},
    ...fs.readdirSync(path.join(root, folder), { withFileTypes: true }).map((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return snapshotFolder(root, file);
      return {
        [file]: entry.isSymbolicLink() ? fs.readlinkSync(path.join(root, file)) : fs.readFileSync(path.join(root, file), 'utf8'),
      };
    }),
  ) as Record<string, string>;
}

export function writeFile(root: string, file: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), content);
}

export function readFile(root: string, file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8');
}

/** Replaces a text that must be there. */
export function edit(root: string, file: string, from: string, to: string): void {
  const before = readFile(root, file);
  if (!before.includes(from)) throw new Error(`${file} does not contain '${from}'`);
  writeFile(
    root,
    file,
    before.replace(from, () => to),
  );
}
