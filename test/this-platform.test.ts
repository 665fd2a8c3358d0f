import * as fs from 'node:fs';
import * as path from 'node:path';
import { planWrite, synthesize } from '../manifests';
import { formatProblem } from '../src/model';
import { validate } from '../src/validation';
import { loadPlatform } from './support/load-platform';
import { readFile, REPOSITORY } from './support/platform-folder';

const platform = loadPlatform(REPOSITORY);
const inputFiles = ['platform.yaml', 'platform.lock.yaml', ...platform.systems.map(({ file }) => file)];

/** What has to hold for the platform of this repository, be it the example or that of a fork. */
describe('the platform of this repository', () => {
  it('is committed as synthesis makes it, and valid', () => {
    const { changes, problems } = planWrite(platform, synthesize(platform));
    expect([...problems, ...changes.filter(({ kind }) => kind !== 'unchanged')]).toEqual([]);
    expect(validate(platform).problems.map(formatProblem)).toEqual([]);
  });

  it.each(inputFiles)('%s names a schema that exists, where it names one', (file) => {
    const [modeline] = readFile(REPOSITORY, file).split('\n');
    const schema = /^# yaml-language-server: \$schema=(.+)$/.exec(modeline!)?.[1];
    expect(schema === undefined || fs.existsSync(path.join(REPOSITORY, path.dirname(file), schema))).toBe(true);
  });
});
