import * as fs from 'node:fs';
import * as path from 'node:path';
import { runCli } from '../support/run-cli';
import { formatProblem, load } from '../../src/model';
import { FIXTURES, platformFolder, snapshotFolder } from '../support/platform-folder';

const names = fs.readdirSync(path.join(FIXTURES, 'invalid')).sort();

describe('an invalid platform', () => {
  it.each(names)('%s has its one clear message', (name) => {
    const expected = fs.readFileSync(path.join(FIXTURES, 'invalid', name, 'expected.txt'), 'utf8');
    const result = load(platformFolder(`invalid/${name}`));
    expect('problems' in result ? result.problems.map(formatProblem).join('\n') + '\n' : 'no problems').toBe(expected);
    // One line for the place and what is wrong, one for the remedy.
    expect(expected.trimEnd().split('\n')).toHaveLength(2);
  });

  it.each(names)('%s ends with exit code 1, without a stack trace, and writes nothing', async (name) => {
    const folder = platformFolder(`invalid/${name}`);
    const before = snapshotFolder(folder);
    const { code, out, err } = await runCli(['start', '--dir', folder]);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(' error: ');
    expect(err).not.toMatch(/^\s+at .*\(?.*:\d+:\d+\)?$/m);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('tells the problems of all files at once, in the order of files and lines', () => {
    const folder = platformFolder('invalid/unknown-key');
    fs.writeFileSync(path.join(folder, 'systems', 'ingress.yaml'), 'pattern: Z\nteam: platform\n');
    fs.writeFileSync(path.join(folder, 'systems', 'new.yaml'), '');
    fs.writeFileSync(path.join(folder, 'platform.lock.yaml'), 'images: [\n');
    const result = load(folder);
    const files = 'problems' in result ? result.problems.map(({ location }) => location.file) : [];
    expect(files).toEqual(['platform.lock.yaml', 'platform.yaml', 'systems/ingress.yaml', 'systems/new.yaml']);
  });

  it('looks at the systems even when other systems are broken, and does not call those unknown', () => {
    const folder = platformFolder();
    fs.writeFileSync(path.join(folder, 'systems', 'ingress.yaml'), 'pattern: Z\nteam: platform\n');
    fs.writeFileSync(path.join(folder, 'systems', 'third.yaml'), 'pattern: A\nteam: x\ndependsOn: [nowhere]\n');
    const result = load(folder);
    const messages = 'problems' in result ? result.problems.map(({ message }) => message) : [];
    expect(messages).toEqual([
      expect.stringContaining("'pattern' is 'Z'"),
      expect.stringContaining("'nowhere', which does not exist"),
    ]);
  });

  it('refuses a folder that does not exist', () => {
    expect(load('/nowhere/at/all')).toEqual({
      problems: [
        { location: { file: '/nowhere/at/all' }, message: 'does not exist', remedy: 'Name the platform folder with --dir.' },
      ],
    });
  });

  it('refuses a file of more than a mebibyte before it is parsed', () => {
    const folder = platformFolder();
    fs.appendFileSync(path.join(folder, 'systems', 'shop.yaml'), '#'.repeat(1024 * 1024));
    const result = load(folder);
    expect('problems' in result && result.problems.map(formatProblem)).toEqual([
      expect.stringMatching(/^systems\/shop.yaml has \d+ bytes, more than 1048576\n/),
    ]);
  });
});
