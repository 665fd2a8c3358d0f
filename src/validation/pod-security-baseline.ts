import { valueAt } from '../model';
import { type ControlCheck, type PodSecurityControl, type SecuredPod } from './pod-security-control';
import {
  elementsOf,
  fieldOfEach,
  forbid,
  hasOwnUsers,
  ofContainers,
  ofPod,
  ofSecurityContexts,
  volumesOf,
  type SetValue,
} from './pod-security-fields';

const DEFAULT_CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP',
  'SETUID', 'SYS_CHROOT',
]; // prettier-ignore

/** Sysctls that touch nothing but the pod itself, by the minor version since which they are allowed. */
const SAFE_SYSCTLS: Readonly<Record<string, number>> = {
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
};

/** SELinux types of containers, by the minor version since which they are allowed. */
const SELINUX_TYPES: Readonly<Record<string, number>> = {
  '': 0,
  container_t: 0,
  container_init_t: 0,
  container_kvm_t: 0,
  container_engine_t: 31,
};

const APPARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

const REMOVE = 'Remove the field.';

const hostProcess: ControlCheck = (pod) => forbid(ofSecurityContexts(pod, 'windowsOptions', 'hostProcess'), isTrue, REMOVE);

const hostNamespaces: ControlCheck = (pod) =>
  forbid(
    ['hostNetwork', 'hostPID', 'hostIPC'].flatMap((field) => ofPod(pod, field)),
    isTrue,
    REMOVE,
  );

const privilegedContainers: ControlCheck = (pod) =>
  forbid(
    ofContainers(pod, 'securityContext', 'privileged'),
    isTrue,
    'Remove the field, and add the single capability it stands for.',
  );

const addedCapabilities: ControlCheck = (pod) =>
  forbid(
    elementsOf(ofContainers(pod, 'securityContext', 'capabilities', 'add')),
    (capability) => !DEFAULT_CAPABILITIES.includes(String(capability)),
    `Remove it; a container may add ${DEFAULT_CAPABILITIES.join(', ')}.`,
  );

const hostPathVolumes: ControlCheck = (pod) =>
  volumesOf(pod)
    .filter(({ value }) => valueAt(value, 'hostPath') !== undefined)
    .map(({ path, value }) => ({
      path: [...path, 'hostPath'],
      value: valueAt(value, 'hostPath'),
      remedy: 'Use an emptyDir or a persistentVolumeClaim.',
    }));

const hostPorts: ControlCheck = (pod) =>
  forbid(
    fieldOfEach(elementsOf(ofContainers(pod, 'ports')), 'hostPort'),
    (port) => port !== 0,
    'Remove the field, and reach the pod through a Service.',
  );

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => [probe]);
const HOOKS = ['postStart', 'preStop'].map((hook) => ['lifecycle', hook]);

const hostsOfProbes: ControlCheck = (pod) => {
  if (pod.minor < 34) return [];
  const hosts = [...PROBES, ...HOOKS].flatMap((handler) =>
    ['httpGet', 'tcpSocket'].flatMap((action) => ofContainers(pod, ...handler, action, 'host')),
  );
  return forbid(hosts, (host) => host !== '', 'Remove the field: without it the pod itself is asked.');
};

const appArmor: ControlCheck = (pod) => {
  const types = ['RuntimeDefault', 'Localhost'];
  return [
    ...forbid(typesOf(pod, 'appArmorProfile'), (type) => !types.includes(String(type)), `Use ${types.join(' or ')}.`),
    ...forbid(
      appArmorAnnotations(pod),
      (profile) => typeof profile === 'string' && !/^(?:$|runtime\/default$|localhost\/)/.test(profile),
      'Use runtime/default or localhost/<profile>.',
    ),
  ];
};

/** Where the profiles of containers stood before they had a field. */
function appArmorAnnotations({ template }: SecuredPod): readonly SetValue[] {
  const annotations = valueAt(template.content, 'metadata', 'annotations');
  if (typeof annotations !== 'object' || annotations === null) return [];
  return Object.entries(annotations)
    .filter(([key]) => key.startsWith(APPARMOR_ANNOTATION))
    .map(([key, value]) => ({ path: [...template.path, 'metadata', 'annotations', key], value: value as unknown }));
}

const seLinux: ControlCheck = (pod) => [
  ...forbid(
    ofSecurityContexts(pod, 'seLinuxOptions', 'type'),
    (type) => !isKnown(SELINUX_TYPES, type, pod),
    `Remove the field, or use ${namesIn(SELINUX_TYPES, pod).join(', ')}.`,
  ),
  ...forbid(
    ['user', 'role'].flatMap((field) => ofSecurityContexts(pod, 'seLinuxOptions', field)),
    (value) => value !== '',
    REMOVE,
  ),
];

/** Looks for masks of `/proc` other than the default one. */
export const procMount: ControlCheck = (pod) =>
  forbid(ofContainers(pod, 'securityContext', 'procMount'), (mount) => mount !== 'Default', REMOVE);

/** Looks for seccomp profiles that a container runtime does not choose. */
export const seccompProfiles: ControlCheck = (pod) =>
  forbid(typesOf(pod, 'seccompProfile'), (type) => !isSeccompType(type), 'Use RuntimeDefault or Localhost.');

/** Whether a type of seccomp profile restricts anything. */
export const isSeccompType = (type: unknown): boolean => type === 'RuntimeDefault' || type === 'Localhost';

const sysctls: ControlCheck = (pod) =>
  forbid(
    fieldOfEach(elementsOf(ofPod(pod, 'securityContext', 'sysctls')), 'name'),
    (name) => !isKnown(SAFE_SYSCTLS, name, pod),
    `Remove it; a pod may set ${namesIn(SAFE_SYSCTLS, pod).join(', ')}.`,
  );

/** The controls of the level `baseline`. */
export const BASELINE: readonly PodSecurityControl[] = [
  { name: 'HostProcess', check: hostProcess },
  { name: 'Host Namespaces', check: hostNamespaces },
  { name: 'Privileged Containers', check: privilegedContainers },
  { name: 'Capabilities', check: addedCapabilities },
  { name: 'HostPath Volumes', check: hostPathVolumes },
  { name: 'Host Ports', check: hostPorts },
  { name: 'Host Probes / Lifecycle Hooks', check: hostsOfProbes },
  { name: 'AppArmor', check: appArmor },
  { name: 'SELinux', check: seLinux },
  { name: '/proc Mount Type', check: (pod) => (hasOwnUsers(pod) ? [] : procMount(pod)) },
  { name: 'Seccomp', check: seccompProfiles },
  { name: 'Sysctls', check: sysctls },
];

const isTrue = (value: unknown): boolean => value === true;

/** The types of the profiles that are set; a profile without a type restricts nothing. */
function typesOf(pod: SecuredPod, profile: string): readonly SetValue[] {
  return ofSecurityContexts(pod, profile).map(({ path, value }) => ({
    path: [...path, 'type'],
    value: valueAt(value, 'type'),
  }));
}

const isKnown = (since: Readonly<Record<string, number>>, name: unknown, { minor }: SecuredPod): boolean =>
  typeof name === 'string' && Object.hasOwn(since, name) && since[name]! <= minor;

const namesIn = (since: Readonly<Record<string, number>>, { minor }: SecuredPod): readonly string[] =>
  Object.keys(since).filter((name) => name !== '' && since[name]! <= minor);
