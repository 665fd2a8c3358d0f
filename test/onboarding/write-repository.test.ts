import * as fs from 'node:fs';
import * as path from 'node:path';
import { occupied, writeRepository, type ScaffoldFile } from '../../src/onboarding';
import { loadPlatform } from '../support/load-platform';
import { platformFolder, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';

const FILES: readonly ScaffoldFile[] = [
  { path: 'README.md', content: 'read', editedBy: 'team' },
  { path: 'a/b.yaml', content: 'b', editedBy: 'nobody' },
];

describe('occupied', () => {
  it.each([
    ['a link to the folder', (folder: string, beside: string) => { fs.symlinkSync(path.join(folder, 'systems'), path.join(beside, 'l')); return path.join(beside, 'l'); }],
    ['a folder below a link', (folder: string, beside: string) => { fs.symlinkSync(path.join(folder, 'systems'), path.join(beside, 'l')); return path.join(beside, 'l/x/y'); }],
    ['a link to the platform', (folder: string, beside: string) => { fs.symlinkSync(folder, path.join(beside, 'l')); return path.join(beside, 'l/systems/x'); }],
    ['a link to a link', (folder: string, beside: string) => { fs.symlinkSync(folder, path.join(beside, 'k')); fs.symlinkSync('k/systems', path.join(beside, 'l')); return path.join(beside, 'l/x'); }],
    ['where the folder itself leads', (folder: string, beside: string) => { fs.renameSync(path.join(folder, 'systems'), path.join(beside, 's')); fs.symlinkSync(path.join(beside, 's'), path.join(folder, 'systems')); return path.join(beside, 's/x'); }],
  ])('refuses %s', (_what, prepare) => {
    const folder = platformFolder();
    const platform = loadPlatform(folder);
    expect(occupied(platform, prepare(folder, temporaryFolder()))?.message).toBe(
      "is in 'systems', which holds something else of the platform",
    );
  }); // prettier-ignore

  it('takes the platform by a link too, and what is beside its folders', () => {
    const folder = platformFolder();
    const link = path.join(temporaryFolder(), 'platform');
    fs.symlinkSync(folder, link);
    const platform = { ...loadPlatform(folder), directory: link };
    expect(occupied(platform, path.join(folder, 'systems/x'))).toBeDefined();
    for (const free of ['examples/shop', 'systems-of-others', '..systems'])
      expect(occupied(platform, path.join(folder, free))).toBeUndefined();
  });
});

describe('writeRepository', () => {
  it('makes the folders above it', () => {
    const root = temporaryFolder();
    writeRepository(path.join(root, 'a/b/c'), FILES);
    expect(snapshotFolder(root)).toEqual({ 'a/b/c/README.md': 'read', 'a/b/c/a/b.yaml': 'b' });
  });

  it('leaves no folder of a failure, and those that were there', () => {
    const root = temporaryFolder();
    fs.mkdirSync(path.join(root, 'there'));
    const out = path.join(root, 'there/a/b', 'x'.repeat(300));
    const failures = [0, 1].map(() => {
      try {
        writeRepository(out, FILES);
        return undefined;
      } catch (error) {
        const { code, syscall, path: file } = error as NodeJS.ErrnoException;
        return { code, syscall, file };
      }
    });
    expect(failures[0]).toEqual({ code: 'ENAMETOOLONG', syscall: 'rename', file: out });
    expect(failures[1]).toEqual(failures[0]);
    expect(fs.readdirSync(root)).toEqual(['there']);
    expect(fs.readdirSync(path.join(root, 'there'))).toEqual([]);
  });

  it('makes nothing through a link to nothing', () => {
    const [root, elsewhere] = [temporaryFolder(), temporaryFolder()];
    fs.symlinkSync(path.join(elsewhere, 'nothing'), path.join(root, 'link'));
    expect(() => {
      writeRepository(path.join(root, 'link/x'), FILES);
    }).toThrow();
    expect(fs.readdirSync(elsewhere)).toEqual([]);
    expect(fs.readdirSync(root)).toEqual(['link']);
  });

  it('puts nothing into a folder where one of the files is meanwhile', () => {
    const root = temporaryFolder();
    writeFile(root, 'a', 'mine');
    expect(() => {
      writeRepository(root, FILES);
    }).toThrow(expect.objectContaining({ code: 'EEXIST', path: root }) as Error);
    expect(snapshotFolder(root)).toEqual({ a: 'mine' });
  });
});
