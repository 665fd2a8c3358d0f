import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { readFile, REPOSITORY, temporaryFolder, writeFile } from '../support/platform-folder';

/** The first step of a job that holds a right. */
function guard(): string {
  const { steps } = parse(readFile(REPOSITORY, 'ci-cd-templates/clean-environment.yaml')) as {
    steps: readonly { bash: string }[];
  };
  expect(steps).toHaveLength(1);
  return steps[0]!.bash;
}

/** Runs the step as an agent does: the worker's own environment, and below it a task with the variables of the pipeline. */
function run(
  variables: Readonly<Record<string, string>>,
  { worker = 'Agent.Worker', own = {} }: { readonly worker?: string; readonly own?: Readonly<Record<string, string>> } = {},
): { readonly status: number | null; readonly output: string } {
  const root = temporaryFolder();
  writeFile(root, 'guard.sh', guard());
  const assignments = Object.entries(variables).map(([name, value]) => `'${name}=${value}'`);
  // Named as a process is by its program: not through `env`, which would replace it.
  // The task is a process of its own between the two, as Node is on an agent; not `exec`, so that the worker stays.
  writeFile(root, 'task', `#!/usr/bin/env bash\nbash --noprofile --norc "$1"\nexit $?\n`);
  writeFile(
    root,
    worker,
    `#!/bin/bash\nenv ${assignments.join(' ')} ${path.join(root, 'task')} ${path.join(root, 'guard.sh')}\nexit $?\n`,
  );
  for (const file of ['task', worker]) fs.chmodSync(path.join(root, file), 0o755);
  const { status, stdout, stderr } = spawnSync(path.join(root, worker), [], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH']!, HOME: root, HTTPS_PROXY: 'http://proxy.example.com:8080', ...own },
  });
  return { status, output: stdout + stderr };
}

const PREDEFINED = {
  BUILD_BUILDID: '42',
  SYSTEM_TEAMPROJECT: 'my-project',
  SYSTEM: 'build',
  AGENT_TEMPDIRECTORY: '/tmp',
  TF_BUILD: 'True',
  PIPELINE_WORKSPACE: '/w',
  SELFURL: 'https://dev.azure.com/my-org/my-project/_git/k8s-shop',
  BASH_ENV: '',
  NODE_OPTIONS: '',
  LD_PRELOAD: '',
};

// It reads /proc, as the agents that the template needs have it.
(process.platform === 'linux' ? describe : describe.skip)('the first step of a job that holds a right', () => {
  it('passes what Azure Pipelines defines, and what the agent brings', () => {
    expect(run(PREDEFINED)).toEqual({ status: 0, output: '' });
    expect(run(PREDEFINED, { own: { COSIGN_EXPERIMENTAL: '1', GIT_SSL_CAINFO: '/etc/ca.pem' } })).toEqual({
      status: 0,
      output: '',
    });
  });

  it.each([
    'REFERENCE_FILE', 'REGISTRY', 'IMAGE', 'NAME', 'TOOLS', 'TRIVY_SEVERITY', 'COSIGN_REPOSITORY', 'HELM_PLUGINS', 'NPM_CONFIG_REGISTRY',
    'GIT_CONFIG_COUNT', 'AZURE_CONFIG_DIR', 'DOCKER_CONFIG', 'HTTP_PROXY', 'PYTHONPATH', 'AZP_AGENT_X', 'AGENT_SKIPCERTVALIDATION', 'AGENT_CAINFO', 'AGENT_CLIENTCERTKEY', 'SELF_URL', 'SELFURL2', 'ANYTHING',
  ])('refuses the variable %s', (name) => {
    const { status, output } = run({ ...PREDEFINED, [name]: 'hidden-value' });
    expect(status).toBe(1);
    expect(output).toContain(`this one has: ${name}.`);
    expect(output).not.toContain('hidden-value');
  }); // prettier-ignore

  it('refuses another value of what the agent brings', () => {
    expect(run({ HTTPS_PROXY: 'http://evil.example.com' }).output).toContain('this one has: HTTPS_PROXY.');
    // With a folder before the agent's.
    expect(run({ PATH: `/w/out:${process.env['PATH']!}` }).output).toContain('this one has: PATH.');
  });

  it('refuses what has to be empty, and is not', () => {
    expect(run({ ...PREDEFINED, PS4: 'x' }).output).toContain('this one has: PS4.');
    expect(run({ ...PREDEFINED, SHELLOPTS: 'xtrace' }).output).toContain('this one has: SHELLOPTS.');
    expect(run({ ...PREDEFINED, NODE_OPTIONS: '--no-warnings' }).output).toContain('this one has: NODE_OPTIONS.');
  });

  it('runs nothing that a name holds, and prints no command of Azure Pipelines', () => {
    const root = temporaryFolder();
    const { status, output } = run({ [`A[$(touch ${root}/x)]`]: '1', '##VSO[TASK.COMPLETE]': '1' });
    expect(status).toBe(1);
    expect(fs.existsSync(path.join(root, 'x'))).toBe(false);
    expect(output.match(/##/g)).toHaveLength(1);
  });

  it('stops where it cannot know what the agent brings', () => {
    const { status, output } = run(PREDEFINED, { worker: 'other' });
    expect(status).toBe(1);
    expect(output).toContain('no process of the agent is above this step');
  });
});
