import { execFile } from 'node:child_process';
import * as path from 'node:path';

/** Folder of the built tools. */
export const toolsFolder = (): string => process.env['K8S_GITOPS_E2E_TOOLS'] ?? '';

/** A tool that `tools/` has the module of. */
export type ToolName = 'crane' | 'cosign' | 'etcd' | 'helm' | 'kube-apiserver' | 'kubectl';

export const toolPath = (name: ToolName): string => path.join(toolsFolder(), name);

/** How a tool ended. */
export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a tool runs in. */
export interface ToolSurroundings {
  /** Environment variables besides PATH and HOME. @default - none */
  readonly environment?: NodeJS.ProcessEnv;
  /** Working directory, and HOME. @default - those of this process */
  readonly directory?: string;
}

/** Runs a real tool, whatever becomes of it. */
export function toolResult(
  name: ToolName,
  args: readonly string[],
  { environment = {}, directory }: ToolSurroundings = {},
): Promise<ToolResult> {
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
        if (error !== null && typeof error.code !== 'number') reject(new Error(`${name} ${args.join(' ')}: ${error.message}`));
        else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

/** Runs a real tool and returns what it prints; fails with what it complains about. */
export async function tool(name: ToolName, args: readonly string[], surroundings?: ToolSurroundings): Promise<string> {
  const { code, stdout, stderr } = await toolResult(name, args, surroundings);
  if (code !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
