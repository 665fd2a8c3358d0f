import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from '../../src/model';
import { temporaryFolder, writeFile } from '../support/platform-folder';

describe('making a folder', () => {
  it('makes those above it too, and leaves what is there', () => {
    const folder = path.join(temporaryFolder(), 'a', 'b', 'c');
    makeFolder(folder);
    writeFile(folder, 'file', 'x');
    makeFolder(folder);
    expect(fs.readdirSync(folder)).toEqual(['file']);
  });

  it('says what is in the way', () => {
    const root = temporaryFolder();
    writeFile(root, 'file', 'x');
    expect(() => {
      makeFolder(path.join(root, 'file'));
    }).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error);
    expect(() => {
      makeFolder(path.join(root, 'file', 'below'));
    }).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error);
  });

  (fs.existsSync('/proc/self') ? it : it.skip)('ends where the system makes no folders', () => {
    expect(() => {
      makeFolder('/proc/k8s-gitops/reports');
    }).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  });
});
