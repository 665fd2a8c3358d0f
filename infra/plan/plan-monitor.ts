import { ResourceMonitorFeature as Feature } from '@pulumi/pulumi/proto/resource_pb';
import * as protocol from '@pulumi/pulumi/proto/resource_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Struct, type JavaScriptValue } from 'google-protobuf/google/protobuf/struct_pb';
import { type LookUp, type PlannedResource } from './plan';
import { planValue, type PlanObject } from './plan-value';

type Callback<Response> = (error: Error | null, response?: Response) => void;
type Wire = Record<string, JavaScriptValue>;

/** What a resource is known to have although nobody asks the cloud. */
export interface KnownResource {
  readonly id?: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Answers what the program asks beyond its own inputs. */
export interface Answers {
  /** What is known of a resource from an earlier `pulumi up`. */
  readonly known: (resource: {
    readonly type: string;
    readonly name: string;
    readonly inputs: PlanObject;
  }) => KnownResource | undefined;
  /** @throws Error when there is no answer */
  readonly lookUp: (
    token: string,
    args: PlanObject,
  ) => { readonly result: Readonly<Record<string, unknown>>; readonly answeredBy: string };
}

const STACK_TYPE = 'pulumi:pulumi:Stack';

/**
 * Stands where the engine stands in a preview, in the same process: it writes down what the program registers, with dependencies and what is
 * not known yet, and makes nothing. (`pulumi.runtime.setMocks` would drop the dependencies.)
 */
export class PlanMonitor {
  public readonly resources = new Map<string, PlannedResource>();
  public readonly lookUps: LookUp[] = [];
  public outputs: PlanObject = {};
  /** URNs that two resources have: the engine would refuse the second. */
  public readonly twice: string[] = [];

  public constructor(
    public readonly project: string,
    public readonly stack: string,
    private readonly answers: Answers,
  ) {}

  public registerResource(
    request: protocol.RegisterResourceRequest,
    callback: Callback<protocol.RegisterResourceResponse>,
  ): void {
    const type = request.getType();
    const name = request.getName();
    const urn = this.urn(request.getParent(), type, name);
    if (this.resources.has(urn)) this.twice.push(urn);
    const wire = wireObject(request.getObject());
    const resource = plannedResource(urn, request, wire);
    this.resources.set(urn, resource);
    const known = this.answers.known(resource);
    const response = new protocol.RegisterResourceResponse();
    response.setUrn(urn);
    // An empty id is one that is not known yet.
    response.setId(known?.id ?? '');
    response.setObject(Struct.fromJavaScript(merge(wire, known?.outputs ?? {})));
    callback(null, response);
  }

  public registerResourceOutputs(request: protocol.RegisterResourceOutputsRequest, callback: Callback<Empty>): void {
    if (this.resources.get(request.getUrn())?.type === STACK_TYPE) {
      this.outputs = planValue(wireObject(request.getOutputs())) as PlanObject;
    }
    callback(null, new Empty());
  }

  public invoke(request: protocol.ResourceInvokeRequest, callback: Callback<protocol.ResourceInvokeResponse>): void {
    const token = request.getTok();
    const args = planValue(wireObject(request.getArgs())) as PlanObject;
    try {
      const { result, answeredBy } = this.answers.lookUp(token, args);
      const provider = request.getProvider();
      this.lookUps.push({ token, args, ...(provider === '' ? {} : { provider: urnOf(provider) }), answeredBy });
      const response = new protocol.ResourceInvokeResponse();
      response.setReturn(Struct.fromJavaScript(result as Wire));
      callback(null, response);
    } catch (error) {
      callback(error as Error);
    }
  }

  /** As today's engine answers, without what would call back into the program. */
  public getDeploymentInfo(_request: Empty, callback: Callback<protocol.DeploymentInfo>): void {
    const response = new protocol.DeploymentInfo();
    response.setSupportedfeaturesList([
      Feature.RESOURCE_MONITOR_FEATURE_SECRETS,
      Feature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
      Feature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
      Feature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
      Feature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
      Feature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    ]);
    callback(null, response);
  }

  public registerPackage(_request: unknown, callback: Callback<protocol.RegisterPackageResponse>): void {
    callback(null, new protocol.RegisterPackageResponse());
  }

  public signalAndWaitForShutdown(_request: Empty, callback: Callback<Empty>): void {
    callback(null, new Empty());
  }

  public readResource(request: protocol.ReadResourceRequest, callback: Callback<protocol.ReadResourceResponse>): void {
    callback(new Error(`The program reads ${request.getType()} ${request.getName()}; an offline plan knows look-ups only.`));
  }

  public call(request: protocol.ResourceCallRequest, callback: Callback<never>): void {
    callback(new Error(`The program calls ${request.getTok()}, which an offline plan cannot answer.`));
  }

  /** As the engine makes them. Source: Pulumi's documentation, "Resource names", URNs. */
  private urn(parent: string, type: string, name: string): string {
    const parentType = parent.split('::')[2];
    const qualified = parentType === undefined || parentType.endsWith(STACK_TYPE) ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.stack}::${this.project}::${qualified}::${name}`;
  }
}

function plannedResource(urn: string, request: protocol.RegisterResourceRequest, wire: Wire): PlannedResource {
  const propertyDependencies: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    const urns = dependencies.getUrnsList();
    if (urns.length > 0) propertyDependencies[property] = [...urns].sort();
  });
  const provider = request.getProvider();
  const createTimeout = request.getCustomtimeouts()?.getCreate();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    ...(request.getParent() === '' ? {} : { parent: request.getParent() }),
    custom: request.getCustom(),
    inputs: planValue(wire) as PlanObject,
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: Object.fromEntries(Object.entries(propertyDependencies).sort(([a], [b]) => (a < b ? -1 : 1))),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    ...(provider === '' ? {} : { provider: urnOf(provider) }),
    ...(request.getVersion() === '' ? {} : { version: request.getVersion() }),
    ...(createTimeout === undefined || createTimeout === '' ? {} : { createTimeout }),
  };
}

/** Of `urn::id`; the id of a provider that is not there yet is no news. */
const urnOf = (provider: string): string => provider.slice(0, provider.lastIndexOf('::'));

const wireObject = (struct: Struct | undefined): Wire => struct?.toJavaScript() ?? {};

/** What is known beside the inputs; nested objects keep both. */
function merge(inputs: Wire, known: Readonly<Record<string, unknown>>): Wire {
  const merged: Record<string, unknown> = { ...inputs };
  for (const [key, value] of Object.entries(known)) {
    const before = merged[key];
    const nested = typeof value === 'object' && value !== null && typeof before === 'object' && before !== null;
    merged[key] = nested ? { ...before, ...value } : value;
  }
  return merged as Wire;
}
