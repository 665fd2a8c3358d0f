import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  fileSystemProblem,
  LOCK_FILE,
  YamlFile,
  type Environment,
  type Location,
  type Platform,
  type Problem,
  makeFolder,
} from '../model';
import { type ArtifactResult } from './artifact-result';
import { junitReport } from './junit';
import { sarifReport } from './sarif';

/**
 * Writes what pipelines show: `<environment>.junit.xml` and `<environment>.sarif`, each whole or not at all.
 *
 * @param folder is made when it is not there
 * @returns the paths of the files, or what kept them from being written
 */
export function writeReports(
  platform: Platform,
  environment: Environment,
  results: readonly ArtifactResult[],
  folder: string,
): readonly string[] | Problem {
  try {
    return write(platform, environment, results, folder);
  } catch (error) {
    const problem = fileSystemProblem(error, process.cwd());
    if (problem === undefined) throw error;
    return problem;
  }
}

function write(
  platform: Platform,
  environment: Environment,
  results: readonly ArtifactResult[],
  folder: string,
): readonly string[] {
  const lock = YamlFile.read(platform.directory, LOCK_FILE);
  const locate = ({ artifact }: ArtifactResult): Location =>
    lock instanceof YamlFile
      ? lock.locate([artifact.kind === 'image' ? 'images' : 'charts', artifact.name, 'digest'])
      : { file: LOCK_FILE };
  const reports = {
    [`${environment.name}.junit.xml`]: junitReport(environment.name, results),
    [`${environment.name}.sarif`]: sarifReport(results, locate, environment.scan === 'enforce'),
  };
  makeFolder(folder);
  return Object.entries(reports).map(([name, content]) => {
    const file = path.join(folder, name);
    const temporary = `${file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, content);
    fs.renameSync(temporary, file);
    return file;
  });
}
