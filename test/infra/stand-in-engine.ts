import { spawn } from 'node:child_process';
import * as path from 'node:path';
import * as grpc from '@grpc/grpc-js';
import * as engineProtocol from '@pulumi/pulumi/proto/engine_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { PlanMonitor, type Answers } from '../../infra/plan/plan-monitor';
import { onCleanup } from '../support/cleanup';
import { REPOSITORY } from '../support/platform-folder';

// The generated services have no types that go with today's grpc-js.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- generated CommonJS without types
const { ResourceMonitorService } = require('@pulumi/pulumi/proto/resource_grpc_pb') as {
  readonly ResourceMonitorService: grpc.ServiceDefinition;
};
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the same
const { EngineService } = require('@pulumi/pulumi/proto/engine_grpc_pb') as { readonly EngineService: grpc.ServiceDefinition };

/** How a run of a program ended. */
export interface EngineRun {
  readonly code: number | null;
  /** What the program registered. */
  readonly monitor: PlanMonitor;
  /** What it logged at severity info or higher, in order. */
  readonly log: readonly string[];
  readonly stderr: string;
}

export interface EngineRequest {
  /** Folder with Pulumi.yaml, whose `infra/` is the program. */
  readonly folder: string;
  readonly project?: string;
  readonly stack: string;
  /** Whether it is a preview; otherwise nothing stays unknown. */
  readonly preview: boolean;
  /** Configuration as the engine has it. */
  readonly config: Readonly<Record<string, string>>;
  readonly answers: Answers;
  readonly environment?: Readonly<Record<string, string>>;
}

const INFO = engineProtocol.LogSeverity.INFO;

/**
 * Stands in for `pulumi` and its language host: it starts the real Node entry of the Pulumi SDK on `infra/`, and answers it over gRPC on
 * loopback as the engine would, without a provider. It has nothing that these tests do not use.
 */
export async function runProgram(request: EngineRequest): Promise<EngineRun> {
  const { folder, stack, preview, project = 'k8s-gitops' } = request;
  const monitor = new PlanMonitor(project, stack, request.answers);
  const log: string[] = [];
  const server = new grpc.Server();
  server.addService(ResourceMonitorService, handlersOf(monitor));
  let root = '';
  server.addService(EngineService, {
    log: unary((entry: engineProtocol.LogRequest) => {
      if (entry.getSeverity() >= INFO) log.push(entry.getMessage());
      return new Empty();
    }),
    getRootResource: unary(() => {
      const response = new engineProtocol.GetRootResourceResponse();
      response.setUrn(root);
      return response;
    }),
    setRootResource: unary((given: engineProtocol.SetRootResourceRequest) => {
      root = given.getUrn();
      return new engineProtocol.SetRootResourceResponse();
    }),
    startDebugging: unary(() => new Empty()),
    requirePulumiVersion: unary(() => new engineProtocol.RequirePulumiVersionResponse()),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  try {
    const address = `127.0.0.1:${port}`;
    const args = [
      path.join(REPOSITORY, 'node_modules', '@pulumi', 'pulumi', 'cmd', 'run'),
      ...['--monitor', address, '--engine', address, '--organization', 'organization', '--project', project, '--stack', stack],
      ...[
        '--root-directory',
        folder,
        '--pwd',
        path.join(folder, 'infra'),
        '--parallel',
        '16',
        ...(preview ? ['--dry-run'] : []),
        '.',
      ],
    ];
    const { code, stderr } = await run(args, {
      ...process.env,
      PULUMI_CONFIG: JSON.stringify(request.config),
      PULUMI_CONFIG_SECRET_KEYS: '[]',
      PULUMI_NODEJS_TYPESCRIPT: 'false',
      ...request.environment,
    });
    return { code, stderr, monitor, log };
  } finally {
    server.forceShutdown();
  }
}

function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    // A test that gave up must not leave it behind.
    onCleanup(() => {
      child.kill('SIGKILL');
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => {
      resolve({ code, stderr });
    });
  });
}

type Unary = grpc.handleUnaryCall<unknown, unknown>;

const unary =
  (answer: (request: never) => unknown): Unary =>
  (call, callback) => {
    callback(null, answer(call.request as never));
  };

/** Every method of the monitor that the service knows; the others are unimplemented, as in an older engine. */
function handlersOf(monitor: PlanMonitor): grpc.UntypedServiceImplementation {
  const methods = monitor as unknown as Readonly<Record<string, (request: unknown, callback: unknown) => void>>;
  const handlers: Record<string, Unary> = {};
  for (const name of Object.keys(ResourceMonitorService)) {
    if (typeof methods[name] !== 'function') continue;
    handlers[name] = (call, callback) => {
      methods[name]!.call(monitor, call.request, callback);
    };
  }
  return handlers;
}
