import { dotted, formatQuantity } from '../../src/model';
import { limitRangeDefaults, peakUsage, type ContainerDefaults, type PeakUsage } from '../../src/validation';

type Json = Record<string, unknown>;

const NONE: ContainerDefaults = { requests: {}, limits: {} };
const SMALL: ContainerDefaults = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '1', memory: '1Gi' },
  max: { cpu: '1', memory: '1Gi' },
};

const resources = (cpu: unknown, memory: unknown, limits: Json = {}): Json => ({ requests: { cpu, memory }, limits });
const container = (fields: Json = {}): Json => ({ name: 'app', ...fields });
const template = (spec: Json = {}): Json => ({
  spec: { containers: [container({ resources: resources('100m', '64Mi') })], ...spec },
});
const workload = (kind: string, spec: Json = {}, metadata: Json = {}): Json => ({
  apiVersion: kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name: 'a', ...metadata },
  spec: { template: template(), ...spec },
});
const pod = (spec: Json): Json => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, ...template(spec) });
const scaler = (maxReplicas: unknown, target: Json = {}, metadata: Json = {}): Json => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'a', ...metadata },
  spec: { maxReplicas, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', ...target } },
});

const summary = ({ pods, requests, limits }: Omit<PeakUsage, 'perWorkload'>): string =>
  [pods, ...[requests, limits].map(({ cpu, memory }) => `${formatQuantity(cpu)}/${formatQuantity(memory)}`)].join(' ');

const pods = (...objects: readonly Json[]): number => peakUsage(objects, NONE).pods;

describe('the pods of a workload at its peak', () => {
  const counts: readonly [what: string, objects: readonly Json[], pods: number][] = [
    ['a pod', [pod({})], 1],
    ['a Deployment of one, with a quarter rounded up', [workload('Deployment')], 2],
    ['a Deployment of four', [workload('Deployment', { replicas: 4 })], 5],
    ['a Deployment of five', [workload('Deployment', { replicas: 5 })], 7],
    ['a surge in percent', [workload('Deployment', { replicas: 3, strategy: { rollingUpdate: { maxSurge: '50%' } } })], 5],
    ['a surge of all', [workload('Deployment', { replicas: 3, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%' } } })], 6],
    ['a surge in pods', [workload('Deployment', { replicas: 3, strategy: { rollingUpdate: { maxSurge: 2 } } })], 5],
    ['no surge', [workload('Deployment', { replicas: 3, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } })], 3],
    ['a surge of 0%', [workload('Deployment', { replicas: 3, strategy: { rollingUpdate: { maxSurge: '0%' } } })], 3],
    ['a Deployment that is recreated', [workload('Deployment', { replicas: 3, strategy: { type: 'Recreate' } })], 3],
    ['a Deployment that is switched off', [workload('Deployment', { replicas: 0 }), scaler(9)], 0],
    ['an autoscaled Deployment', [workload('Deployment'), scaler(10)], 13],
    ['an autoscaled Deployment that starts with more', [workload('Deployment', { replicas: 8 }), scaler(4)], 10],
    ['an autoscaler in front of its Deployment', [scaler(10), workload('Deployment')], 13],
    ['an autoscaler of version 1', [{ ...scaler(10), apiVersion: 'autoscaling/v1' }, workload('Deployment')], 13],
    ['the autoscaler of another name', [workload('Deployment'), scaler(10, { name: 'b' })], 2],
    ['the autoscaler of another kind', [workload('Deployment'), scaler(10, { kind: 'StatefulSet' })], 2],
    ['the autoscaler of another namespace', [workload('Deployment', {}, { namespace: 'x' }), scaler(10, {}, { namespace: 'y' })], 2],
    ['an autoscaled StatefulSet', [workload('StatefulSet'), scaler(10, { kind: 'StatefulSet' })], 10],
    ['a StatefulSet', [workload('StatefulSet', { replicas: 3 })], 3],
    ['a ReplicaSet', [workload('ReplicaSet', { replicas: 3 })], 3],
    ['a DaemonSet, for one node', [workload('DaemonSet')], 1],
    ['a DaemonSet with a surge', [workload('DaemonSet', { updateStrategy: { rollingUpdate: { maxSurge: '10%' } } })], 2],
    ['a DaemonSet that is updated by hand', [workload('DaemonSet', { updateStrategy: { type: 'OnDelete', rollingUpdate: { maxSurge: 1 } } })], 1],
    ['a Job', [workload('Job')], 1],
    ['a parallel Job', [workload('Job', { parallelism: 4 })], 4],
    ['a parallel Job with less to do', [workload('Job', { parallelism: 4, completions: 2 })], 2],
    ['a parallel Job with more to do', [workload('Job', { parallelism: 4, completions: 9 })], 4],
    ['a suspended Job', [workload('Job', { suspend: true })], 0],
    ['a CronJob', [workload('CronJob', { jobTemplate: { spec: { parallelism: 3, template: template() } } })], 3],
    ['a suspended CronJob', [workload('CronJob', { suspend: true, jobTemplate: { spec: { template: template() } } })], 0],
    ['several', [workload('StatefulSet', { replicas: 3 }), workload('Job', {}, { name: 'b' }), pod({})], 5],
    ['what has no pods', [{ apiVersion: 'v1', kind: 'Service', spec: { replicas: 3 } }, scaler(10)], 0],
    ['a number that is none', [workload('StatefulSet', { replicas: 'x' })], 1],
  ]; // prettier-ignore

  it.each(counts)('are counted for %s', (_what, objects, expected) => {
    expect(pods(...objects)).toBe(expected);
  });

  it('say what their number does not', () => {
    const cron = (concurrencyPolicy?: string): Json =>
      workload('CronJob', { concurrencyPolicy, jobTemplate: { spec: { template: template() } } });
    const remarks = (object: Json): unknown => peakUsage([object], NONE).perWorkload[0]!.remark;
    expect(remarks(cron())).toBe('its runs may overlap (concurrencyPolicy Allow); counted is one run');
    expect(remarks(cron('Allow'))).toBe('its runs may overlap (concurrencyPolicy Allow); counted is one run');
    expect(remarks(cron('Forbid'))).toBeUndefined();
    expect(remarks(cron('Replace'))).toBeUndefined();
    expect(remarks(workload('DaemonSet'))).toBe('it runs on every node that it selects; counted is one node');
    expect(remarks(workload('Deployment'))).toBeUndefined();
  });
});

describe('what a pod requests and may use', () => {
  const sidecar = (cpu: string, memory: string): Json =>
    container({ restartPolicy: 'Always', resources: resources(cpu, memory) });
  const init = (cpu: string, memory: string): Json => container({ resources: resources(cpu, memory) });
  const main = [init('100m', '64Mi'), init('200m', '64Mi')];

  const sums: readonly [what: string, spec: Json, defaults: ContainerDefaults, expected: string][] = [
    ['containers together', { containers: main }, NONE, '1 300m/128Mi 0/0'],
    ['limits together', { containers: [container({ resources: { limits: { cpu: 1, memory: '1Gi' } } }), container({ resources: { limits: { cpu: 0.5, memory: '512Mi' } } })] }, NONE, '1 1500m/1536Mi 1500m/1536Mi'],
    ['init containers one after the other', { initContainers: [init('50m', '1Gi'), init('1', '1Mi')], containers: main }, NONE, '1 1/1Gi 0/0'],
    ['small init containers for nothing', { initContainers: [init('50m', '1Mi')], containers: main }, NONE, '1 300m/128Mi 0/0'],
    ['sidecars with containers', { initContainers: [sidecar('10m', '10Mi'), sidecar('20m', '20Mi')], containers: main }, NONE, '1 330m/158Mi 0/0'],
    ['an init container with the sidecars before it', { initContainers: [sidecar('10m', '10Mi'), init('400m', '400Mi'), sidecar('500m', '1Mi')], containers: main }, NONE, '1 810m/410Mi 0/0'],
    ['no default where there is none', { containers: [container()] }, NONE, '1 0/0 0/0'],
    ['defaults for what is not said', { containers: [container(), container({ resources: resources('200m', '64Mi') })] }, SMALL, '1 300m/192Mi 2/2Gi'],
    ['defaults for init containers', { initContainers: [sidecar('10m', '10Mi'), container()], containers: [container({ resources: resources('1m', '1Mi') })] }, SMALL, '1 110m/138Mi 2/2Gi'],
    ['a limit as its request', { containers: [container({ resources: { limits: { cpu: '700m' } } })] }, SMALL, '1 700m/128Mi 700m/1Gi'],
    ['the overhead of a runtime', { overhead: { cpu: '50m', memory: '10Mi' }, containers: main }, NONE, '1 350m/138Mi 0/0'],
    ['the overhead on limits', { overhead: { cpu: '50m', memory: '6Mi' }, containers: [container()] }, SMALL, '1 150m/134Mi 1050m/1030Mi'],
    ['what the pod says as a whole', { resources: { requests: { cpu: '1' }, limits: { cpu: '2', memory: '2Gi' } }, containers: main }, SMALL, '1 1/128Mi 2/2Gi'],
    ['the limits of the pod as its requests', { resources: { limits: { cpu: '2', memory: '2Gi' } }, containers: [container()] }, SMALL, '1 2/2Gi 2/2Gi'],
    ['no ephemeral containers', { containers: main, ephemeralContainers: [init('9', '9Gi')] }, NONE, '1 300m/128Mi 0/0'],
  ]; // prettier-ignore

  it.each(sums)('counts %s', (_what, spec, defaults, expected) => {
    expect(summary(peakUsage([pod(spec)], defaults))).toBe(expected);
  });

  it('is multiplied by the pods and summed up', () => {
    const usage = peakUsage([workload('Deployment', { replicas: 4 }), workload('Job', {}, { name: 'b' })], SMALL);
    expect(summary(usage)).toBe('6 600m/384Mi 6/6Gi');
    expect(usage.perWorkload.map(({ kind, name, ...rest }) => `${kind} ${name} ${summary(rest)}`)).toEqual([
      'Deployment a 5 500m/320Mi 5/5Gi',
      'Job b 1 100m/64Mi 1/1Gi',
    ]);
  });

  const problems: readonly [what: string, fields: Json, expected: readonly string[]][] = [
    ['nothing that fits', { requests: { cpu: '1' }, limits: { cpu: '1', memory: '1Gi' } }, []],
    ['no quantity', { requests: { cpu: 'much' } }, ["'spec.template.spec.containers[0].resources.requests.cpu' 'much' is no quantity"]],
    ['a mapping', { limits: { memory: {} } }, ["'spec.template.spec.containers[0].resources.limits.memory' '{}' is no quantity"]],
    ['less than nothing', { requests: { cpu: '-1' } }, ["'spec.template.spec.containers[0].resources.requests.cpu' '-1' is no quantity"]],
    ['more than its own limit', { requests: { cpu: '300m' }, limits: { cpu: '200m' } }, ["'spec.template.spec.containers[0].resources.requests.cpu' is 300m, more than the limit, which is 200m"]],
    ['more than the default limit', { requests: { memory: '2Gi' } }, ["'spec.template.spec.containers[0].resources.requests.memory' is 2Gi, more than the limit, which is 1Gi"]],
    ['a limit below the default request', { requests: {}, limits: { cpu: '50m' } }, []],
    ['a limit above the maximum', { limits: { cpu: '1500m' } }, ["'spec.template.spec.containers[0].resources.limits.cpu' is 1500m, and a container of the namespace may have 1"]],
  ]; // prettier-ignore

  it.each(problems)('is told with its path: %s', (_what, fields, expected) => {
    const object = workload('Deployment', { template: template({ containers: [container({ resources: fields })] }) });
    const { perPod } = peakUsage([object], SMALL).perWorkload[0]!;
    expect(perPod.problems.map(({ message }) => message)).toEqual(expected);
    expect(perPod.unset).toEqual([]);
  });

  it('tells which fields nobody sets, which a quota refuses', () => {
    const unset = (spec: Json, defaults: ContainerDefaults): readonly string[] =>
      peakUsage([pod(spec)], defaults).perWorkload[0]!.perPod.unset.map(dotted);
    const containers = [container({ resources: { requests: { cpu: 1 }, limits: { memory: '1Gi' } } })];
    expect(unset({ containers }, NONE)).toEqual(['spec.containers[0].resources.limits.cpu']);
    expect(unset({ containers }, { requests: {}, limits: { cpu: '1' } })).toEqual([]);
    expect(unset({ containers, resources: { limits: { cpu: 1 } } }, NONE)).toEqual([]);
    expect(unset({ containers, initContainers: [container()] }, SMALL)).toEqual([]);
  });

  it.each([null, 'text', 3, [], {}, { apiVersion: 'apps/v1', kind: 'Deployment' }, { apiVersion: 'v1', kind: 'Pod', spec: { containers: 'x', initContainers: [null] } }])(
    'survives %j',
    (object) => {
      expect(() => peakUsage([object], SMALL)).not.toThrow();
    },
  ); // prettier-ignore
});

describe('the defaults of a LimitRange', () => {
  const limitRange = (...limits: readonly Json[]): Json => ({ apiVersion: 'v1', kind: 'LimitRange', spec: { limits } });

  it('are those of its containers', () => {
    const range = limitRange(
      { type: 'Pod', max: { cpu: '9' } },
      {
        type: 'Container',
        default: { cpu: '1', memory: '1Gi' },
        defaultRequest: { cpu: '100m', memory: '128Mi' },
        max: { cpu: '2' },
      },
    );
    expect(limitRangeDefaults([{ kind: 'Service' }, range])).toEqual({
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '1', memory: '1Gi' },
      max: { cpu: '2' },
    });
  });

  it('follow from each other where they are not said', () => {
    expect(limitRangeDefaults([limitRange({ type: 'Container', max: { cpu: 2 }, min: { memory: '1Mi' } })])).toEqual({
      requests: { cpu: 2, memory: '1Mi' },
      limits: { cpu: 2 },
      max: { cpu: 2 },
    });
    expect(limitRangeDefaults([])).toEqual({ requests: {}, limits: {}, max: {} });
  });
});
