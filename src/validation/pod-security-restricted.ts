import { dotted, listAt, valueAt } from '../model';
import { isSeccompType, procMount, seccompProfiles } from './pod-security-baseline';
import { type ControlCheck, type Forbidden, type PodSecurityControl, type SecuredPod } from './pod-security-control';
import {
  elementsOf,
  forbid,
  hasOwnUsers,
  isWindows,
  ofContainers,
  ofPod,
  ofSecurityContexts,
  volumesOf,
} from './pod-security-fields';
import { podContainers } from './pod-template';

const VOLUME_TYPES = [
  'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret',
]; // prettier-ignore

/** A volume without a type is none of them: the API server makes an emptyDir of it. */
const volumeTypes: ControlCheck = (pod) =>
  volumesOf(pod).flatMap(({ path, value }) =>
    Object.keys(typeof value === 'object' && value !== null ? value : {})
      .filter((field) => field !== 'name' && valueAt(value, field) !== undefined && !VOLUME_TYPES.includes(field))
      .map((type) => ({
        path: [...path, type],
        value: valueAt(value, type),
        remedy: `Use one of ${VOLUME_TYPES.join(', ')}.`,
      })),
  );

const privilegeEscalation: ControlCheck = (pod) =>
  isWindows(pod)
    ? []
    : podContainers(pod.template).flatMap(({ content, path }) => {
        const field = ['securityContext', 'allowPrivilegeEscalation'];
        const value = valueAt(content, ...field);
        return value === false ? [] : [forbidden([...path, ...field], value, 'Set it to false.')];
      });

const nonRoot: ControlCheck = (pod) =>
  hasOwnUsers(pod) ? [] : required(pod, ['runAsNonRoot'], (value) => value === true, 'true');

const nonRootUser: ControlCheck = (pod) =>
  hasOwnUsers(pod)
    ? []
    : forbid(ofSecurityContexts(pod, 'runAsUser'), (user) => user === 0, 'Choose another user, for whom the image is made.');

const seccomp: ControlCheck = (pod) => {
  if (isWindows(pod)) return [];
  return required(pod, ['seccompProfile', 'type'], isSeccompType, 'RuntimeDefault', seccompProfiles(pod));
};

const capabilities: ControlCheck = (pod) => {
  if (isWindows(pod)) return [];
  const missing = podContainers(pod.template).flatMap(({ content, path }) => {
    const field = ['securityContext', 'capabilities', 'drop'];
    const dropped = listAt(content, ...field);
    return dropped.includes('ALL') ? [] : [forbidden([...path, ...field], valueAt(content, ...field), 'Drop ALL.')];
  });
  const added = elementsOf(ofContainers(pod, 'securityContext', 'capabilities', 'add'));
  return [
    ...missing,
    ...forbid(added, (capability) => capability !== 'NET_BIND_SERVICE', 'Remove it; a container may add NET_BIND_SERVICE alone.'),
  ];
};

/** The controls of the level `restricted`, each in place of the one of `baseline` that it names. */
export const RESTRICTED: readonly (PodSecurityControl & {
  /** @default - it comes on top of those of `baseline` */
  readonly replaces?: string;
})[] = [
  { name: 'Volume Types', check: volumeTypes, replaces: 'HostPath Volumes' },
  { name: 'Privilege Escalation', check: privilegeEscalation },
  { name: 'Running as Non-root', check: nonRoot },
  { name: 'Running as Non-root user', check: nonRootUser },
  { name: 'Seccomp', check: seccomp, replaces: 'Seccomp' },
  { name: 'Capabilities', check: capabilities, replaces: 'Capabilities' },
  { name: '/proc Mount Type', check: procMount, replaces: '/proc Mount Type' },
];

/**
 * A field that every container must have, by itself or from its pod.
 *
 * @param wrong where it is set to something else. Default: wherever its value is not right
 */
function required(
  pod: SecuredPod,
  field: readonly string[],
  isRight: (value: unknown) => boolean,
  right: string,
  wrong: readonly Forbidden[] = forbid(ofSecurityContexts(pod, ...field), (value) => !isRight(value), `Set it to ${right}.`),
): readonly Forbidden[] {
  // Containers inherit what the pod has: they miss nothing where the pod has it, and get it where the pod's is put right.
  if (ofPod(pod, 'securityContext', field[0]!).length > 0) return wrong;
  const { path } = pod.template;
  const ofThePod = dotted([...path, 'spec', 'securityContext', ...field]);
  const missing = podContainers(pod.template)
    .filter(({ content }) => valueAt(content, 'securityContext', field[0]!) === undefined)
    .map((container) =>
      forbidden(
        [...container.path, 'securityContext', ...field],
        undefined,
        `Set it to ${right}, here or in '${ofThePod}' for all containers.`,
      ),
    );
  return [...wrong, ...missing];
}

function forbidden(path: Forbidden['path'], value: unknown, remedy: string): Forbidden {
  return value === undefined ? { path, remedy } : { path, value, remedy };
}
