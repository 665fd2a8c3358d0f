/**
 * The app of `npx cdk8s synth` (cdk8s.yaml): writes `clusters/` itself, and the same files to `CDK8S_OUTDIR`, which cdk8s-cli empties
 * before and lists after. Problems go to the error output; the exit code is 1 and nothing is written.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, formatProblem, load, type Problem } from '../src/model';
import { CLUSTERS_FOLDER } from './environment-files';
import { writeClusters } from './output/write-clusters';
import { synthesize, type SynthesizedEnvironment } from './synthesize';

function main(): readonly Problem[] {
  const result = load('.');
  if ('problems' in result) return result.problems;
  const { platform } = result;
  const synthesized = synthesize(platform);
  const { problems } = writeClusters(platform, synthesized);
  return problems.length > 0 ? problems : copyTo(process.env['CDK8S_OUTDIR'], platform.directory, synthesized);
}

function copyTo(output: string | undefined, root: string, synthesized: readonly SynthesizedEnvironment[]): readonly Problem[] {
  if (output === undefined) return [];
  const folder = path.resolve(output);
  const clusters = path.join(root, CLUSTERS_FOLDER);
  if (folder === clusters || folder.startsWith(clusters + path.sep)) {
    return [
      {
        location: { file: 'cdk8s.yaml' },
        message: `'output' is '${output}', which cdk8s-cli deletes before every run, with every file that was written there by hand`,
        remedy: `Set it to a scratch folder such as '.cdk8s-output', and restore ${CLUSTERS_FOLDER}/ from Git.`,
      },
    ];
  }
  for (const { path: file, content } of synthesized.flatMap(({ files }) => files)) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }
  return [];
}

function mainOrProblem(): readonly Problem[] {
  try {
    return main();
  } catch (error) {
    const { message, stack } = error as Error;
    const defect = {
      location: { file: 'manifests/main.ts' },
      message: `failed for a reason it does not know: ${message}`,
      remedy: 'Set K8S_GITOPS_DEBUG=1 for the stack trace.',
    };
    if (process.env['K8S_GITOPS_DEBUG'] !== undefined) console.error(stack);
    return [fileSystemProblem(error, process.cwd()) ?? defect];
  }
}

const problems = mainOrProblem();
for (const problem of problems) console.error(formatProblem(problem));
process.exitCode = problems.length === 0 ? 0 : 1;
