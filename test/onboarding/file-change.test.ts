import { writeInput } from '../../src/onboarding/file-change';
import { snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';

describe('writeInput', () => {
  it('writes a new file with its folder, changes it, and deletes it', () => {
    const folder = temporaryFolder();
    const file = 'systems/shop.yaml';
    expect(writeInput(folder, { file, after: 'a' })).toEqual([]);
    expect(writeInput(folder, { file, before: 'a', after: 'b' })).toEqual([]);
    expect(snapshotFolder(folder)).toEqual({ [file]: 'b' });
    expect(writeInput(folder, { file, before: 'b' })).toEqual([]);
    expect(snapshotFolder(folder)).toEqual({});
  });

  it('leaves what somebody else wrote', () => {
    const folder = temporaryFolder();
    writeFile(folder, 'systems/shop.yaml', 'theirs');
    for (const change of [{ after: 'a' }, { before: 'mine', after: 'a' }, { before: 'mine' }])
      expect(writeInput(folder, { file: 'systems/shop.yaml', ...change })).toHaveLength(1);
    expect(snapshotFolder(folder)).toEqual({ 'systems/shop.yaml': 'theirs' });
  });

  it('tells what the file system refuses, and leaves nothing behind', () => {
    const folder = temporaryFolder();
    writeFile(folder, 'systems', 'a file in the way');
    expect(writeInput(folder, { file: 'systems/shop.yaml', after: 'a' })).toEqual([
      {
        location: { file: 'systems/shop.yaml' },
        message: 'cannot be written (ENOTDIR on lstat)',
        remedy: 'A file stands where a folder has to be; move it away.',
      },
    ]);
    expect(snapshotFolder(folder)).toEqual({ systems: 'a file in the way' });
  });
});
