import { dotted } from '../../src/model';
import { podSecurityViolations, type PodSecurityLevel } from '../../src/validation';

type Json = Record<string, unknown>;

/** What `restricted` asks of every container, and nothing else. */
const SECURE = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};

/** A container that is right, but for what is given. */
const container = (securityContext: Json = {}, fields: Json = {}): Json => ({
  name: 'app',
  image: 'x/y:1',
  securityContext: { ...SECURE, ...securityContext },
  ...fields,
});

const pod = (spec: Json, annotations?: Json): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', ...(annotations === undefined ? {} : { annotations }) },
  spec: { containers: [container()], ...spec },
});
const withContext = (securityContext: Json): Json => pod({ containers: [container(securityContext)] });
const withFields = (fields: Json): Json => pod({ containers: [container({}, fields)] });
const withVolume = (volume: Json): Json => pod({ volumes: [{ name: 'v', ...volume }] });
const withSysctl = (name: string): Json => pod({ securityContext: { sysctls: [{ name, value: '1' }] } });
/** A pod whose containers leave a setting to the pod. */
const inheriting = (setting: string, securityContext: Json | undefined): Json => {
  const context = Object.fromEntries(Object.entries(SECURE).filter(([key]) => key !== setting));
  return pod({
    containers: [{ name: 'app', securityContext: context }],
    ...(securityContext === undefined ? {} : { securityContext }),
  });
};

/** Each violation as its control and path. */
const found = (object: unknown, level: PodSecurityLevel, version = '1.34'): readonly string[] =>
  podSecurityViolations(object, level, version).map(({ control, path }) => `${control}: ${dotted(path)}`);

const AT = 'spec.containers[0].securityContext';

describe('the Pod Security Standards', () => {
  it.each(['1.25', '1.33', '1.34', '1.34.2', '1.35', '1.36'])(
    'find nothing in a pod that is right, in Kubernetes %s',
    (version) => {
      expect(found(pod({}), 'restricted', version)).toEqual([]);
      expect(found(pod({}), 'baseline', version)).toEqual([]);
    },
  );

  const baseline: readonly [what: string, object: Json, violation: string, version?: string][] = [
    ['a host process of the pod', pod({ securityContext: { windowsOptions: { hostProcess: true } } }), 'HostProcess: spec.securityContext.windowsOptions.hostProcess'],
    ['a host process of a container', withContext({ windowsOptions: { hostProcess: true } }), `HostProcess: ${AT}.windowsOptions.hostProcess`],
    ['the network of the host', pod({ hostNetwork: true }), 'Host Namespaces: spec.hostNetwork'],
    ['the processes of the host', pod({ hostPID: true }), 'Host Namespaces: spec.hostPID'],
    ['the IPC of the host', pod({ hostIPC: true }), 'Host Namespaces: spec.hostIPC'],
    ['a privileged container', withContext({ privileged: true }), `Privileged Containers: ${AT}.privileged`],
    ['a port of the host', withFields({ ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 80 }] }), 'Host Ports: spec.containers[0].ports[1].hostPort'],
    ['the host of a liveness probe', withFields({ livenessProbe: { httpGet: { port: 1, host: 'h' } } }), 'Host Probes / Lifecycle Hooks: spec.containers[0].livenessProbe.httpGet.host'],
    ['the host of a readiness probe', withFields({ readinessProbe: { tcpSocket: { port: 1, host: 'h' } } }), 'Host Probes / Lifecycle Hooks: spec.containers[0].readinessProbe.tcpSocket.host'],
    ['the host of a startup probe', withFields({ startupProbe: { httpGet: { port: 1, host: 'h' } } }), 'Host Probes / Lifecycle Hooks: spec.containers[0].startupProbe.httpGet.host'],
    ['the host of a hook after start', withFields({ lifecycle: { postStart: { httpGet: { port: 1, host: 'h' } } } }), 'Host Probes / Lifecycle Hooks: spec.containers[0].lifecycle.postStart.httpGet.host'],
    ['the host of a hook before stop', withFields({ lifecycle: { preStop: { tcpSocket: { port: 1, host: 'h' } } } }), 'Host Probes / Lifecycle Hooks: spec.containers[0].lifecycle.preStop.tcpSocket.host'],
    ['no AppArmor for the pod', pod({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }), 'AppArmor: spec.securityContext.appArmorProfile.type'],
    ['no AppArmor for a container', withContext({ appArmorProfile: { type: 'Unconfined' } }), `AppArmor: ${AT}.appArmorProfile.type`],
    ['no AppArmor by annotation', pod({}, { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' }), 'AppArmor: metadata.annotations.container.apparmor.security.beta.kubernetes.io/app'],
    ['an SELinux type', pod({ securityContext: { seLinuxOptions: { type: 'spc_t' } } }), 'SELinux: spec.securityContext.seLinuxOptions.type'],
    ['an SELinux type that is not yet allowed', withContext({ seLinuxOptions: { type: 'container_engine_t' } }), `SELinux: ${AT}.seLinuxOptions.type`, '1.30'],
    ['an SELinux user', withContext({ seLinuxOptions: { user: 'u' } }), `SELinux: ${AT}.seLinuxOptions.user`],
    ['an SELinux role', withContext({ seLinuxOptions: { role: 'r' } }), `SELinux: ${AT}.seLinuxOptions.role`],
    ['an open /proc', withContext({ procMount: 'Unmasked' }), `/proc Mount Type: ${AT}.procMount`],
    ['an open /proc in user namespaces before 1.35', pod({ hostUsers: false, containers: [container({ procMount: 'Unmasked' })] }), `/proc Mount Type: ${AT}.procMount`],
    ['no seccomp for the pod', pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }), 'Seccomp: spec.securityContext.seccompProfile.type'],
    ['no seccomp for a container', withContext({ seccompProfile: { type: 'Unconfined' } }), `Seccomp: ${AT}.seccompProfile.type`],
    ['a profile of the pod that is none, once', inheriting('seccompProfile', { seccompProfile: { type: 'Unconfined' } }), 'Seccomp: spec.securityContext.seccompProfile.type'],
    ['a sysctl of the node', withSysctl('kernel.msgmax'), 'Sysctls: spec.securityContext.sysctls[0].name'],
    ['a sysctl named like something of JavaScript', withSysctl('constructor'), 'Sysctls: spec.securityContext.sysctls[0].name'],
    ['a sysctl that is not yet allowed', withSysctl('net.ipv4.tcp_rmem'), 'Sysctls: spec.securityContext.sysctls[0].name', '1.31'],
  ]; // prettier-ignore

  it.each(baseline.map(([what, object, violation, version = '1.34']) => [what, object, violation, version] as const))(
    'find %s on both levels',
    (_what, object, violation, version) => {
      expect(found(object, 'baseline', version)).toEqual([violation]);
      expect(found(object, 'restricted', version)).toEqual([violation]);
    },
  );

  it('tell what replaces a control of baseline once', () => {
    const hostPath = withVolume({ hostPath: { path: '/' } });
    expect(found(hostPath, 'baseline')).toEqual(['HostPath Volumes: spec.volumes[0].hostPath']);
    expect(found(hostPath, 'restricted')).toEqual(['Volume Types: spec.volumes[0].hostPath']);
    const admin = withContext({ capabilities: { drop: ['ALL'], add: ['CHOWN', 'SYS_ADMIN'] } });
    expect(found(admin, 'baseline')).toEqual([`Capabilities: ${AT}.capabilities.add[1]`]);
    expect(found(admin, 'restricted')).toEqual([
      `Capabilities: ${AT}.capabilities.add[0]`,
      `Capabilities: ${AT}.capabilities.add[1]`,
    ]);
  });

  const restricted: readonly [what: string, object: Json, violation: string, version?: string][] = [
    ['a volume of NFS', withVolume({ nfs: { server: 's', path: '/' } }), 'Volume Types: spec.volumes[0].nfs'],
    ['a volume of Azure Files', withVolume({ azureFile: { secretName: 's', shareName: 'x' } }), 'Volume Types: spec.volumes[0].azureFile'],
    ['a volume of a type that does not exist', withVolume({ invented: {} }), 'Volume Types: spec.volumes[0].invented'],
    ['a forbidden type beside an allowed one', withVolume({ emptyDir: {}, nfs: { server: 's', path: '/' } }), 'Volume Types: spec.volumes[0].nfs'],
    ['privilege escalation that is not said', withContext({ allowPrivilegeEscalation: undefined }), `Privilege Escalation: ${AT}.allowPrivilegeEscalation`],
    ['privilege escalation', withContext({ allowPrivilegeEscalation: true }), `Privilege Escalation: ${AT}.allowPrivilegeEscalation`],
    ['an unknown user', inheriting('runAsNonRoot', undefined), `Running as Non-root: ${AT}.runAsNonRoot`],
    ['a container that may be root', withContext({ runAsNonRoot: false }), `Running as Non-root: ${AT}.runAsNonRoot`],
    ['a container that may be root in a pod that may not', pod({ securityContext: { runAsNonRoot: true }, containers: [container({ runAsNonRoot: false })] }), `Running as Non-root: ${AT}.runAsNonRoot`],
    ['a pod that may be root, once', inheriting('runAsNonRoot', { runAsNonRoot: false }), 'Running as Non-root: spec.securityContext.runAsNonRoot'],
    ['a pod that may be root although its container may not', pod({ securityContext: { runAsNonRoot: false } }), 'Running as Non-root: spec.securityContext.runAsNonRoot'],
    ['the user root of a container', withContext({ runAsUser: 0 }), `Running as Non-root user: ${AT}.runAsUser`],
    ['the user root of a pod', pod({ securityContext: { runAsUser: 0 } }), 'Running as Non-root user: spec.securityContext.runAsUser'],
    ['the user root in user namespaces before 1.35', pod({ hostUsers: false, securityContext: { runAsUser: 0 } }), 'Running as Non-root user: spec.securityContext.runAsUser'],
    ['no seccomp profile', inheriting('seccompProfile', undefined), `Seccomp: ${AT}.seccompProfile.type`],
    ['no dropped capabilities', withContext({ capabilities: undefined }), `Capabilities: ${AT}.capabilities.drop`],
    ['some dropped capabilities', withContext({ capabilities: { drop: ['NET_RAW'] } }), `Capabilities: ${AT}.capabilities.drop`],
    ['ALL in lower case', withContext({ capabilities: { drop: ['all'] } }), `Capabilities: ${AT}.capabilities.drop`],
    ['an open /proc even in user namespaces', pod({ hostUsers: false, containers: [container({ procMount: 'Unmasked' })] }), `/proc Mount Type: ${AT}.procMount`, '1.35'],
    ['a Windows pod that may be root', { ...pod({ os: { name: 'windows' }, containers: [{ name: 'app' }] }) }, 'Running as Non-root: spec.containers[0].securityContext.runAsNonRoot'],
  ]; // prettier-ignore

  it.each(restricted.map(([what, object, violation, version = '1.34']) => [what, object, violation, version] as const))(
    'find %s on the level restricted alone',
    (_what, object, violation, version) => {
      expect(found(object, 'restricted', version)).toEqual([violation]);
      expect(found(object, 'baseline', version)).toEqual([]);
    },
  );

  const allowed: readonly [what: string, object: Json, version?: string][] = [
    ['what is switched off', pod({ hostNetwork: false, hostPID: false, hostIPC: false, securityContext: { windowsOptions: { hostProcess: false } } })],
    ['fields without a value', pod({ hostNetwork: null, volumes: null, initContainers: null, securityContext: null })],
    ['a container without privileges', withContext({ privileged: false })],
    ['ports of the container', withFields({ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }] })],
    ['probes of the pod', withFields({ livenessProbe: { httpGet: { port: 1, host: '' } }, readinessProbe: { tcpSocket: { port: 1 } }, startupProbe: { exec: { command: ['x'] } }, lifecycle: { preStop: { sleep: { seconds: 5 } } } })],
    ['hosts of probes before 1.34', withFields({ livenessProbe: { httpGet: { port: 1, host: 'h' } } }), '1.33'],
    ['AppArmor profiles', pod({ securityContext: { appArmorProfile: { type: 'RuntimeDefault' } }, containers: [container({ appArmorProfile: { type: 'Localhost', localhostProfile: 'x' } })] })],
    ['AppArmor annotations', pod({}, { 'container.apparmor.security.beta.kubernetes.io/a': 'runtime/default', 'container.apparmor.security.beta.kubernetes.io/b': 'localhost/x', 'container.apparmor.security.beta.kubernetes.io/c': '', other: 'unconfined' })],
    ['SELinux types', pod({ securityContext: { seLinuxOptions: { type: 'container_t', level: 's0', user: '', role: '' } }, containers: [container({ seLinuxOptions: { type: '' } })] })],
    ['an SELinux type since 1.31', withContext({ seLinuxOptions: { type: 'container_engine_t' } }), '1.31'],
    ['the usual /proc', withContext({ procMount: 'Default' })],
    ['a local seccomp profile', withContext({ seccompProfile: { type: 'Localhost', localhostProfile: 'x' } })],
    ['a seccomp profile of the pod', inheriting('seccompProfile', { seccompProfile: { type: 'RuntimeDefault' } })],
    ['a user of the pod', inheriting('runAsNonRoot', { runAsNonRoot: true, runAsUser: 1000 })],
    ['a port below 1024', withContext({ capabilities: { drop: ['NET_RAW', 'ALL'], add: ['NET_BIND_SERVICE'] } })],
    ['safe sysctls', withSysctl('net.ipv4.ip_unprivileged_port_start')],
    ['sysctls since 1.32', withSysctl('net.ipv4.tcp_wmem'), '1.32'],
    ['a volume without a type, which is an emptyDir', withVolume({})],
    ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret'].map((type): [string, Json] => [`a volume ${type}`, withVolume({ [type]: {} })]),
    ['root in user namespaces', pod({ hostUsers: false, securityContext: { runAsUser: 0, runAsNonRoot: false } }), '1.35'],
    ['a Windows pod without settings of Linux', pod({ os: { name: 'windows' }, containers: [{ name: 'app', securityContext: { runAsNonRoot: true } }] })],
  ]; // prettier-ignore

  it.each(allowed.map(([what, object, version = '1.34']) => [what, object, version] as const))(
    'allow %s',
    (_what, object, version) => {
      expect(found(object, 'restricted', version)).toEqual([]);
    },
  );

  it('allow an open /proc in user namespaces on baseline since 1.35', () => {
    const object = pod({ hostUsers: false, containers: [container({ procMount: 'Unmasked' })] });
    expect(found(object, 'baseline', '1.35')).toEqual([]);
  });

  it('judge baseline of Windows pods as of others', () => {
    const object = pod({ os: { name: 'windows' }, containers: [container({ capabilities: { add: ['SYS_ADMIN'] } })] });
    expect(found(object, 'baseline')).toEqual([`Capabilities: ${AT}.capabilities.add[0]`]);
  });

  it('look at containers of every kind', () => {
    const privileged = container({ privileged: true });
    const object = pod({
      containers: [container(), privileged],
      initContainers: [privileged],
      ephemeralContainers: [privileged],
    });
    expect(found(object, 'baseline')).toEqual([
      'Privileged Containers: spec.initContainers[0].securityContext.privileged',
      'Privileged Containers: spec.containers[1].securityContext.privileged',
      'Privileged Containers: spec.ephemeralContainers[0].securityContext.privileged',
    ]);
  });

  const template = { metadata: {}, spec: { containers: [container()], hostPID: true } };
  const kinds: readonly [apiVersion: string, kind: string, spec: Json, path: string][] = [
    ['apps/v1', 'Deployment', { template }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'StatefulSet', { template }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'DaemonSet', { template }, 'spec.template.spec.hostPID'],
    ['apps/v1', 'ReplicaSet', { template }, 'spec.template.spec.hostPID'],
    ['v1', 'ReplicationController', { template }, 'spec.template.spec.hostPID'],
    ['batch/v1', 'Job', { template }, 'spec.template.spec.hostPID'],
    ['batch/v1', 'CronJob', { jobTemplate: { spec: { template } } }, 'spec.jobTemplate.spec.template.spec.hostPID'],
  ];

  it.each(kinds)('find the pods of a %s %s', (apiVersion, kind, spec, path) => {
    expect(found({ apiVersion, kind, metadata: { name: 'a' }, spec }, 'restricted')).toEqual([`Host Namespaces: ${path}`]);
  });

  it.each([undefined, null, 'text', 7, [], {}, { apiVersion: 'v1', kind: 'Service', spec: { hostPID: true } }])(
    'have nothing to say about %j',
    (object) => {
      expect(found(object, 'restricted')).toEqual([]);
    },
  );

  it.each([
    {},
    { spec: null },
    { spec: 'x' },
    { spec: { containers: [null, 'x', 3] } },
    { spec: { containers: {}, volumes: ['x'] } },
  ])('survive the malformed pod %j', (fields) => {
    expect(() => found({ apiVersion: 'v1', kind: 'Pod', ...fields }, 'restricted')).not.toThrow();
  });

  it('say what is wrong, both values, and where to mend it', () => {
    const [first] = podSecurityViolations(pod({ hostPID: true }), 'baseline', '1.34');
    expect(first).toEqual({
      control: 'Host Namespaces',
      path: ['spec', 'hostPID'],
      message: "'spec.hostPID' is the boolean true, which Pod Security 'baseline' does not allow (Host Namespaces)",
      remedy: 'Remove the field.',
    });
    const [dropped] = podSecurityViolations(withContext({ capabilities: { drop: ['NET_RAW'] } }), 'restricted', '1.34');
    expect(dropped!.message).toBe(
      `'${AT}.capabilities.drop' is '["NET_RAW"]', which Pod Security 'restricted' does not allow (Capabilities)`,
    );
    const object = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: inheriting('runAsNonRoot', undefined) } };
    const [missing] = podSecurityViolations(object, 'restricted', '1.34');
    expect(missing!.message).toContain("'spec.template.spec.containers[0].securityContext.runAsNonRoot' is missing");
    expect(missing!.remedy).toBe(
      "Set it to true, here or in 'spec.template.spec.securityContext.runAsNonRoot' for all containers.",
    );
  });
});
