import { spawn } from 'node:child_process';
import * as path from 'node:path';
import * as grpc from '@grpc/grpc-js';
import * as protocol from '@pulumi/pulumi/proto/analyzer_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';
import { COMPUTED, SECRET, type PlannedResource, type PlanValue } from '../../../infra/plan';
import { onCleanup } from '../../support/cleanup';
import { REPOSITORY } from '../../support/platform-folder';

// The generated service has no types that go with today's grpc-js.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- generated CommonJS without types
const { AnalyzerClient } = require('@pulumi/pulumi/proto/analyzer_grpc_pb') as {
  readonly AnalyzerClient: new (address: string, credentials: grpc.ChannelCredentials) => grpc.Client;
};

/** How Pulumi's wire format marks what a preview does not know, and what is secret. */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const SECRET_MARK = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };

/** How the pack ended without serving anything. */
export interface PackRefusal {
  readonly code: number | null;
  readonly stderr: string;
}

/** A policy pack that is being served. */
export interface ServedPack {
  readonly info: () => Promise<protocol.AnalyzerInfo>;
  readonly analyze: (resource: PlannedResource) => Promise<readonly protocol.AnalyzeDiagnostic[]>;
  readonly analyzeStack: (resources: readonly PlannedResource[]) => Promise<readonly protocol.AnalyzeDiagnostic[]>;
  /** Ends it, and gives what it wrote to stderr. */
  readonly stop: () => Promise<string>;
}

/** Starts the pack of a folder as `pulumi-analyzer-policy` does: the real Node entry of the Pulumi SDK, in the folder of the pack. */
export async function servePack(folder: string): Promise<ServedPack | PackRefusal> {
  const entry = path.join(REPOSITORY, 'node_modules', '@pulumi', 'pulumi', 'cmd', 'run-policy-pack');
  const child = spawn(process.execPath, [entry, '127.0.0.1:0', '.'], {
    cwd: path.join(folder, 'infra', 'policy'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A test that gave up must not leave it behind.
  onCleanup(() => {
    child.kill('SIGKILL');
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<PackRefusal>((resolve) => {
    child.on('close', (code) => {
      resolve({ code, stderr });
    });
  });
  const port = await Promise.race([
    new Promise<string>((resolve) => {
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        // The engine reads the port from the first line.
        const line = /^(\d+)\n/.exec(stdout);
        if (line !== null) resolve(line[1]!);
      });
    }),
    ended,
  ]);
  if (typeof port !== 'string') return port;
  const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = <Response>(method: string, request: unknown): Promise<Response> =>
    new Promise((resolve, reject) => {
      const methods = client as unknown as Readonly<Record<string, (request: unknown, callback: unknown) => void>>;
      methods[method]!.call(client, request, (error: Error | null, response: Response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  return {
    info: () => call('getAnalyzerInfo', new Empty()),
    analyze: async (resource) => (await call<protocol.AnalyzeResponse>('analyze', analyzeRequest(resource))).getDiagnosticsList(),
    analyzeStack: async (resources) => {
      const request = new protocol.AnalyzeStackRequest();
      request.setResourcesList(resources.map(analyzerResource));
      return (await call<protocol.AnalyzeResponse>('analyzeStack', request)).getDiagnosticsList();
    },
    stop: async () => {
      client.close();
      child.kill();
      return (await ended).stderr;
    },
  };
}

function analyzeRequest(resource: PlannedResource): protocol.AnalyzeRequest {
  const request = new protocol.AnalyzeRequest();
  request.setType(resource.type);
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setProperties(propertiesOf(resource));
  request.setOptions(optionsOf(resource));
  return request;
}

function analyzerResource(resource: PlannedResource): protocol.AnalyzerResource {
  const analyzed = new protocol.AnalyzerResource();
  analyzed.setType(resource.type);
  analyzed.setUrn(resource.urn);
  analyzed.setName(resource.name);
  analyzed.setProperties(propertiesOf(resource));
  analyzed.setOptions(optionsOf(resource));
  analyzed.setParent(resource.parent ?? '');
  analyzed.setDependenciesList([...resource.dependencies]);
  for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = new protocol.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    analyzed.getPropertydependenciesMap().set(property, dependencies);
  }
  return analyzed;
}

function optionsOf({ protect }: PlannedResource): protocol.AnalyzerResourceOptions {
  const options = new protocol.AnalyzerResourceOptions();
  options.setProtect(protect);
  return options;
}

const propertiesOf = ({ inputs }: PlannedResource): Struct =>
  Struct.fromJavaScript(wire(inputs) as Record<string, JavaScriptValue>);

/** A value of a plan as the engine sends it. */
function wire(value: PlanValue): JavaScriptValue {
  if (value === COMPUTED) return UNKNOWN;
  if (value === SECRET) return { ...SECRET_MARK, value: 'a secret value' };
  if (Array.isArray(value)) return (value as readonly PlanValue[]).map(wire);
  if (typeof value !== 'object' || value === null) return value as JavaScriptValue;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, wire(one)]));
}
