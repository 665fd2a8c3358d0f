import * as pulumi from '@pulumi/pulumi';
import { ResourceMonitorFeature as Feature } from '@pulumi/pulumi/proto/resource_pb';
import * as protocol from '@pulumi/pulumi/proto/resource_pb';
import { setMockOptions } from '@pulumi/pulumi/runtime/settings';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';

type Callback<Response> = (error: Error | null, response?: Response) => void;
type Wire = Readonly<Record<string, JavaScriptValue>>;

/** A resource as the engine is told of it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly id?: string;
  readonly inputs: Wire;
  readonly version: string;
  readonly provider: string;
  readonly aliases: readonly string[];
  readonly secretOutputs: readonly string[];
}

/** A look-up as the engine is told of it. */
export interface Invoked {
  readonly token: string;
  readonly args: Wire;
  readonly version: string;
  readonly provider: string;
}

/** Stands where the engine stands in a preview, and writes down what it is told. */
export class RecordingMonitor {
  public readonly registered: Registered[] = [];
  public readonly read: Registered[] = [];
  public readonly invoked: Invoked[] = [];

  public constructor(private readonly answer: Wire = {}) {}

  public registerResource(
    request: protocol.RegisterResourceRequest,
    callback: Callback<protocol.RegisterResourceResponse>,
  ): void {
    const inputs = wire(request.getObject());
    this.registered.push({
      type: request.getType(),
      name: request.getName(),
      inputs,
      version: request.getVersion(),
      provider: request.getProvider(),
      aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getType() ?? alias.getUrn()),
      secretOutputs: request.getAdditionalsecretoutputsList(),
    });
    const response = new protocol.RegisterResourceResponse();
    response.setUrn(urnOf(request.getType(), request.getName()));
    // A provider has an id in a preview too.
    response.setId(request.getType().startsWith('pulumi:providers:') ? 'an-id' : '');
    response.setObject(Struct.fromJavaScript(inputs));
    callback(null, response);
  }

  public readResource(request: protocol.ReadResourceRequest, callback: Callback<protocol.ReadResourceResponse>): void {
    const inputs = wire(request.getProperties());
    this.read.push({
      type: request.getType(),
      name: request.getName(),
      id: request.getId(),
      inputs,
      version: request.getVersion(),
      provider: request.getProvider(),
      aliases: [],
      secretOutputs: request.getAdditionalsecretoutputsList(),
    });
    const response = new protocol.ReadResourceResponse();
    response.setUrn(urnOf(request.getType(), request.getName()));
    response.setProperties(Struct.fromJavaScript(inputs));
    callback(null, response);
  }

  public invoke(request: protocol.ResourceInvokeRequest, callback: Callback<protocol.ResourceInvokeResponse>): void {
    this.invoked.push({
      token: request.getTok(),
      args: wire(request.getArgs()),
      version: request.getVersion(),
      provider: request.getProvider(),
    });
    const response = new protocol.ResourceInvokeResponse();
    response.setReturn(Struct.fromJavaScript(this.answer));
    callback(null, response);
  }

  public registerResourceOutputs(_request: protocol.RegisterResourceOutputsRequest, callback: Callback<Empty>): void {
    callback(null, new Empty());
  }

  public getDeploymentInfo(_request: Empty, callback: Callback<protocol.DeploymentInfo>): void {
    const response = new protocol.DeploymentInfo();
    response.setSupportedfeaturesList([
      Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
      Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
      Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
      Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    ]);
    callback(null, response);
  }

  public signalAndWaitForShutdown(_request: Empty, callback: Callback<Empty>): void {
    callback(null, new Empty());
  }
}

/** Runs a program in a preview, in this process. What fails in it, awaited or not, fails the test: Pulumi itself would end the process. */
export async function preview(program: () => void | Promise<void>, monitor = new RecordingMonitor()): Promise<RecordingMonitor> {
  // Not part of Pulumi's public interface; the version is pinned.
  setMockOptions(monitor, 'project', 'stack', true, 'offline');
  const failures: unknown[] = [];
  const noteFailure = (reason: unknown): void => {
    failures.push(reason);
  };
  process.on('unhandledRejection', noteFailure);
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      await Promise.resolve().then(program).catch(noteFailure);
      return {};
    });
    await pulumi.runtime.disconnect();
  } finally {
    process.off('unhandledRejection', noteFailure);
  }
  if (failures.length > 0) throw failures[0];
  return monitor;
}

const urnOf = (type: string, name: string): string => `urn:pulumi:stack::project::${type}::${name}`;

const wire = (struct: Struct | undefined): Wire => struct?.toJavaScript() ?? {};
