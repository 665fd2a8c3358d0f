import { spawn, type ChildProcess } from 'node:child_process';
import { onCleanup } from '../../support/cleanup';

const started: ChildProcess[] = [];

onCleanup(async () => {
  await Promise.all(started.splice(0).map(stopProcess));
});

/** Starts a process that is stopped after the tests of the file. */
export function startProcess(executable: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(executable, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  started.push(child);
  return child;
}

/** Ends a process of ours and waits until it is gone. */
export function stopProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGKILL');
  });
}
