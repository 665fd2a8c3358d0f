import { execFile } from 'node:child_process';
import * as path from 'node:path';

/** Folder of the built tools. */
export const toolsFolder = (): string => process.env['K8S_GITOPS_E2E_TOOLS'] ?? '';

export const toolPath = (name: 'crane' | 'cosign' | 'helm'): string => path.join(toolsFolder(), name);

/** Runs a real tool and returns what it prints; fails with what it complains about. */
export function tool(
  name: 'crane' | 'cosign' | 'helm',
  args: readonly string[],
  { environment = {}, directory }: { readonly environment?: NodeJS.ProcessEnv; readonly directory?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      toolPath(name),
      args,
      {
        env: { PATH: process.env['PATH'], HOME: directory ?? process.env['HOME'], ...environment },
        cwd: directory,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${name} ${args.join(' ')}: ${stderr}`));
      },
    );
  });
}
