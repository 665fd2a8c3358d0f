import * as path from 'node:path';
import { fileSystemProblem, makeFolder, type Environment, type Platform, type Problem } from '../model';
import { writeWhole } from '../tools';
import { type ArtifactResult } from './artifact-result';
import { junitReport } from './junit';
import { artifactLocator } from './locate-artifact';
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
  const locate = artifactLocator(platform);
  const reports = {
    [`${environment.name}.junit.xml`]: junitReport(environment.name, results),
    [`${environment.name}.sarif`]: sarifReport(
      results,
      ({ artifact }) => locate(artifact, 'digest'),
      environment.scan === 'enforce',
    ),
  };
  makeFolder(folder);
  return Object.entries(reports).map(([name, content]) => {
    const file = path.join(folder, name);
    writeWhole(file, content);
    return file;
  });
}
