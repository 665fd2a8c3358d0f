import * as fs from 'node:fs';
import * as path from 'node:path';
import { synthesize, writeClusters } from '../../manifests';
import { formatProblem } from '../../src/model';
import { validate } from '../../src/validation';
import { loadPlatform } from '../support/load-platform';
import { FIXTURES, platformFolder } from '../support/platform-folder';

const names = fs.readdirSync(path.join(FIXTURES, 'valid')).sort();

describe('a valid platform', () => {
  it.each(names)('%s synthesizes to the manifests of its snapshot, all of them valid', (name) => {
    const platform = loadPlatform(platformFolder(`valid/${name}`));
    const synthesized = synthesize(platform);
    const files = synthesized.flatMap((environment) => environment.files);
    expect(files.map(({ path: file, content }) => `### ${file}\n${content}`).join('')).toMatchSnapshot();
    expect(writeClusters(platform, synthesized).problems).toEqual([]);
    expect(validate(platform).problems.map(formatProblem)).toEqual([]);
  });

  it('gives the same bytes twice', () => {
    const contents = [1, 2].map(() =>
      synthesize(loadPlatform(platformFolder('valid/everything-overridden'))).flatMap(({ files }) => files),
    );
    expect(contents[0]).toEqual(contents[1]);
  });

  it('gives the same bytes with Windows line ends', () => {
    const [windows, unix] = ['valid/windows-line-ends', undefined].map((fixture) =>
      synthesize(loadPlatform(platformFolder(fixture))),
    );
    expect(windows!.map(({ files }) => files)).toEqual(unix!.map(({ files }) => files));
  });
});
