import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { JOURNAL_FILE, planWrite, repairInterruptedWrite, synthesize, writeFiles, type FileChange } from '../../manifests';
import { loadPlatform } from '../support/load-platform';
import { readFile, REPOSITORY, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { classicFolder, MANIFESTS, runUpgrade } from './run-upgrade';

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');
const messages = (
  problems: readonly { readonly location: { readonly file: string }; readonly message: string }[],
): readonly string[] => problems.map(({ location, message }) => `${location.file} ${message}`);

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) writeFile(folder, file, content);
  return folder;
}

describe('writing several files', () => {
  const changes: readonly FileChange[] = [
    { kind: 'update', path: 'a.yaml', before: 'old a', after: 'new a' },
    { kind: 'create', path: 'deep/er/b.yaml', after: 'new b' },
    { kind: 'remove', path: 'c/c.yaml', before: 'old c' },
  ];
  const old = { 'a.yaml': 'old a', 'c/c.yaml': 'old c', 'c/other.yaml': 'other' };

  it.each([true, false])('writes all of them and leaves nothing else behind (journal: %p)', (journal) => {
    const folder = folderWith(old);
    expect(writeFiles(folder, changes, { journal })).toEqual([]);
    expect(snapshotFolder(folder)).toEqual({ 'a.yaml': 'new a', 'deep/er/b.yaml': 'new b', 'c/other.yaml': 'other' });
  });

  it.each([true, false])('puts everything back when one cannot be renamed (journal: %p)', (journal) => {
    const folder = folderWith({ ...old, 'last.yaml/in-the-way.txt': '' });
    const before = snapshotFolder(folder);
    const problems = writeFiles(folder, [...changes, { kind: 'create', path: 'last.yaml', after: 'x' }], { journal });
    expect(messages(problems)).toEqual([expect.stringMatching(/cannot be read or written \(EISDIR on rename\)$/)]);
    expect(snapshotFolder(folder)).toEqual(before);
    expect(fs.existsSync(path.join(folder, 'deep'))).toBe(false);
  });

  it('writes nothing when a file stands where a folder has to be', () => {
    const folder = folderWith({ ...old, deep: 'a file' });
    const before = snapshotFolder(folder);
    expect(messages(writeFiles(folder, changes, { journal: true }))).toEqual([
      expect.stringContaining('cannot be read or written ('),
    ]);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it.each([
    ['changed', 'a.yaml', 'mine'],
    ['made', 'deep/er/b.yaml', 'mine'],
    ['removed', 'c/c.yaml', undefined],
  ])('writes nothing when somebody %s one of them in the meantime', (_what, file, content) => {
    const folder = folderWith(old);
    if (content === undefined) fs.rmSync(path.join(folder, file));
    else writeFile(folder, file, content);
    const before = snapshotFolder(folder);
    expect(messages(writeFiles(folder, changes, { journal: true }))).toEqual([
      `${file} was changed by something else while this ran`,
    ]);
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('an interrupted write', () => {
  /** As a kill after the first of two renames leaves it. */
  function interrupted(): string {
    return folderWith({
      'platform.yaml': 'new',
      '.platform.yaml.1.before.k8s-gitops.tmp': 'old',
      'platform.lock.yaml': 'old lock',
      '.platform.lock.yaml.1.k8s-gitops.tmp': 'new lock',
      '.platform.lock.yaml.1.before.k8s-gitops.tmp': 'old lock',
      'clusters/dev/new.yaml': 'made',
      '.gone.yaml.1.before.k8s-gitops.tmp': 'gone',
      [JOURNAL_FILE]: JSON.stringify({
        files: [
          {
            path: 'platform.yaml',
            temporary: '.platform.yaml.1.k8s-gitops.tmp',
            backup: '.platform.yaml.1.before.k8s-gitops.tmp',
            before: sum('old'),
            after: sum('new'),
          },
          { path: 'clusters/dev/new.yaml', temporary: 'clusters/dev/.new.yaml.1.k8s-gitops.tmp', after: sum('made') },
          { path: 'gone.yaml', backup: '.gone.yaml.1.before.k8s-gitops.tmp', before: sum('gone') },
          {
            path: 'platform.lock.yaml',
            temporary: '.platform.lock.yaml.1.k8s-gitops.tmp',
            backup: '.platform.lock.yaml.1.before.k8s-gitops.tmp',
            before: sum('old lock'),
            after: sum('new lock'),
          },
        ],
        folders: ['clusters', 'clusters/dev'],
      }),
    });
  }

  it('is put back, with nothing left of it', () => {
    const folder = interrupted();
    expect(repairInterruptedWrite(folder)).toEqual({
      restored: ['platform.yaml', 'clusters/dev/new.yaml', 'gone.yaml'],
      notes: [],
      problems: [],
    });
    expect(snapshotFolder(folder)).toEqual({ 'platform.yaml': 'old', 'platform.lock.yaml': 'old lock', 'gone.yaml': 'gone' });
    expect(fs.existsSync(path.join(folder, 'clusters'))).toBe(false);
    expect(repairInterruptedWrite(folder)).toBeUndefined();
  });

  it('is put back after a repair that was itself interrupted', () => {
    const folder = interrupted();
    fs.renameSync(path.join(folder, '.platform.yaml.1.before.k8s-gitops.tmp'), path.join(folder, 'platform.yaml'));
    expect(repairInterruptedWrite(folder)?.restored).toEqual(['clusters/dev/new.yaml', 'gone.yaml']);
    expect(readFile(folder, 'platform.yaml')).toBe('old');
  });

  it('leaves what somebody changed since, and keeps what it was before', () => {
    const folder = interrupted();
    writeFile(folder, 'platform.yaml', 'mine');
    const repair = repairInterruptedWrite(folder);
    expect(messages(repair!.notes)).toEqual(['platform.yaml was changed after the interruption, and is left as it is']);
    expect(repair!.notes[0]!.remedy).toContain('.platform.yaml.1.before.k8s-gitops.tmp');
    expect(readFile(folder, 'platform.yaml')).toBe('mine');
    expect(readFile(folder, '.platform.yaml.1.before.k8s-gitops.tmp')).toBe('old');
  });

  it.each([
    ['is no JSON', '{', 'is not a journal of this program'],
    ['has other fields', '{"files":[],"folders":[],"x":1}', 'is not a journal of this program'],
    [
      'names a file elsewhere',
      JSON.stringify({ files: [{ path: '../elsewhere.txt', after: sum('x') }], folders: [] }),
      "names '../elsewhere.txt', which is not in the platform folder",
    ],
    [
      'names a backup elsewhere',
      JSON.stringify({ files: [{ path: 'a', backup: '../../x/y', after: sum('x') }], folders: [] }),
      "names '../../x/y', which",
    ],
  ])('is not put back from a journal that %s', (_what, journal, expected) => {
    const parent = folderWith({ 'elsewhere.txt': 'x', [`platform/${JOURNAL_FILE}`]: journal, 'platform/a': 'x' });
    const folder = path.join(parent, 'platform');
    const before = snapshotFolder(parent);
    expect(messages(repairInterruptedWrite(folder)!.problems)).toEqual([expect.stringContaining(expected)]);
    expect(snapshotFolder(parent)).toEqual(before);
  });

  it('is not put back through a symbolic link', () => {
    const outside = folderWith({ 'victim.txt': 'x' });
    const folder = folderWith({
      [JOURNAL_FILE]: JSON.stringify({ files: [{ path: 'link/victim.txt', after: sum('x') }], folders: [] }),
    });
    fs.symlinkSync(outside, path.join(folder, 'link'));
    expect(repairInterruptedWrite(folder)!.problems).toHaveLength(1);
    expect(readFile(outside, 'victim.txt')).toBe('x');
  });

  it('keeps synthesis from removing what it can be put back from', async () => {
    const folder = await classicFolder();
    writeFile(folder, JOURNAL_FILE, '{"files":[],"folders":[]}');
    const platform = loadPlatform(folder);
    expect(messages(planWrite(platform, synthesize(platform)).problems)).toEqual([
      `${JOURNAL_FILE} says that an upgrade is writing files, or was killed while it did`,
    ]);
  });

  it('is put back by the next upgrade, which says so and goes on', async () => {
    const folder = await classicFolder();
    const before = snapshotFolder(folder);
    writeFile(folder, 'platform.yaml', 'half an upgrade');
    writeFile(folder, '.platform.yaml.1.before.k8s-gitops.tmp', before['platform.yaml']!);
    writeFile(
      folder,
      JOURNAL_FILE,
      JSON.stringify({
        files: [
          {
            path: 'platform.yaml',
            backup: '.platform.yaml.1.before.k8s-gitops.tmp',
            before: sum(before['platform.yaml']!),
            after: sum('half an upgrade'),
          },
        ],
        folders: [],
      }),
    );
    const { code, err, out } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS]);
    expect({ code, err }).toEqual({ code: 0, err: 'An upgrade was killed while it wrote. As before again: platform.yaml.\n' });
    expect(out).toContain('Nothing to do: Flux 2.8.3');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is told as a problem, and nothing else is done, when it cannot be put back', async () => {
    const folder = await classicFolder();
    writeFile(folder, JOURNAL_FILE, 'x');
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5']);
    expect(code).toBe(1);
    expect(err).toContain(`${JOURNAL_FILE} error: is not a journal of this program`);
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('a process that is killed while it writes', () => {
  /** Runs a write that kills its own process at a call of a function of the file system. */
  async function killedAt(call: 'renameSync' | 'rmSync', count: number): Promise<string> {
    const folder = folderWith({ 'a.yaml': 'old a', 'b.yaml': 'old b' });
    const script = path.join(temporaryFolder(), 'killed.ts');
    fs.writeFileSync(
      script,
      `const fs = require('node:fs');
      const real = fs.${call};
      let calls = 0;
      fs.${call} = (...args) => {
        if (++calls === ${count}) process.kill(process.pid, 'SIGKILL');
        return real(...args);
      };
      const { writeFiles } = require(${JSON.stringify(path.join(REPOSITORY, 'manifests'))});
      writeFiles(${JSON.stringify(folder)}, [
        { kind: 'update', path: 'a.yaml', before: 'old a', after: 'new a' },
        { kind: 'update', path: 'b.yaml', before: 'old b', after: 'new b' },
      ], { journal: true });`,
    );
    const signal = await new Promise((resolve) => {
      fork(script, { execArgv: ['--import', 'tsx'], cwd: REPOSITORY, stdio: 'ignore' }).on('exit', (_code, by) => {
        resolve(by);
      });
    });
    expect(signal).toBe('SIGKILL');
    return folder;
  }

  it('leaves a journal from which everything is put back, as long as not all is renamed', async () => {
    const folder = await killedAt('renameSync', 2);
    expect(readFile(folder, 'a.yaml')).toBe('new a');
    expect(repairInterruptedWrite(folder)?.restored).toEqual(['a.yaml']);
    expect(snapshotFolder(folder)).toEqual({ 'a.yaml': 'old a', 'b.yaml': 'old b' });
  });

  it('leaves a journal from which everything is put back, until the journal says that all is renamed', async () => {
    const folder = await killedAt('renameSync', 3);
    expect(repairInterruptedWrite(folder)?.restored).toEqual(['a.yaml', 'b.yaml']);
    const rest = Object.entries(snapshotFolder(folder)).filter(([file]) => !file.endsWith('.tmp'));
    expect(rest).toEqual([
      ['a.yaml', 'old a'],
      ['b.yaml', 'old b'],
    ]);
  });

  it('leaves what is written, and originals that the next run removes, once all is renamed', async () => {
    // The first two are of the temporary files of the journal and of an original.
    const folder = await killedAt('rmSync', 5);
    expect(Object.keys(snapshotFolder(folder)).filter((file) => file.endsWith('.before.k8s-gitops.tmp'))).not.toEqual([]);
    expect(repairInterruptedWrite(folder)).toBeUndefined();
    expect(snapshotFolder(folder)).toEqual({ 'a.yaml': 'new a', 'b.yaml': 'new b' });
  });
});

describe('another run that writes', () => {
  const change: FileChange = { kind: 'update', path: 'a.yaml', before: 'old', after: 'new' };

  it('is left alone as long as its process is there', () => {
    const journal = { pid: process.ppid, done: false, files: [], folders: [] };
    const folder = folderWith({ 'a.yaml': 'old', [JOURNAL_FILE]: JSON.stringify(journal) });
    const before = snapshotFolder(folder);
    expect(messages(repairInterruptedWrite(folder)!.problems)).toEqual([
      `${JOURNAL_FILE} another upgrade is writing (process ${process.ppid})`,
    ]);
    expect(messages(writeFiles(folder, [change], { journal: true }))).toEqual([`${JOURNAL_FILE} another upgrade is writing`]);
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('a file that is written anew', () => {
  it('keeps its permissions', () => {
    const folder = folderWith({ 'a.yaml': 'old' });
    fs.chmodSync(path.join(folder, 'a.yaml'), 0o640);
    expect(writeFiles(folder, [{ kind: 'update', path: 'a.yaml', before: 'old', after: 'new' }])).toEqual([]);
    expect(fs.statSync(path.join(folder, 'a.yaml')).mode & 0o777).toBe(0o640);
  });
});
