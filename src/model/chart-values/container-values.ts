import { z } from 'zod';
import {
  CPU_QUANTITY,
  DATA_KEY,
  MEMORY_QUANTITY,
  MOUNT_PATH,
  NAME,
  PINNED_IMAGE,
  SUBDOMAIN,
  VARIABLE,
} from '../rules/chart-values';
import { text } from '../rules/text-rule';
import { withRules } from './rule';

/** Environment variables with their texts. */
export const environment = (what: string): z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>> =>
  z.record(text(VARIABLE).max(253), z.string()).describe(what).default({});

/** A key of a Secret. */
export const secretKey = z.strictObject({
  name: text(SUBDOMAIN).max(253).describe('Name of the Secret.'),
  key: text(DATA_KEY).max(253).describe('Key in it.'),
});

const amounts = (what: string) =>
  z
    .strictObject({
      cpu: text(CPU_QUANTITY).describe('CPU.').optional(),
      memory: text(MEMORY_QUANTITY).describe('Memory.').optional(),
    })
    .describe(what)
    .prefault({});

/** What a container needs and may use. */
export const resources = z
  .strictObject({
    requests: amounts('What is reserved for it. Default: the request of the SKU'),
    limits: amounts('What it may use at most. Default: the limit of the SKU, which is also the maximum'),
  })
  .describe('What a container needs and may use, within the SKU.')
  .prefault({});

/** Where a volume is mounted. */
const volumeMount = z.strictObject({
  name: text(NAME).max(63).describe('Name of the volume.'),
  mountPath: text(MOUNT_PATH).max(255).describe('Folder in the container.'),
  readOnly: z.boolean().describe('Whether the container cannot write to it. Default: true').default(true),
});

/** A container beside the application. */
const container = {
  name: text(NAME).max(63).describe('Name of the container.'),
  image: text(PINNED_IMAGE).max(500).describe('Image with tag or digest.'),
  command: z.array(z.string()).describe('Program, in place of that of the image.').default([]),
  args: z.array(z.string()).describe('Arguments.').default([]),
  env: environment('Environment variables.'),
  secretEnv: z.record(text(VARIABLE).max(253), secretKey).describe('Environment variables from Secrets that exist.').default({}),
  resources,
  volumeMounts: z.array(volumeMount).describe('Volumes that it mounts, by their names under `volumes`.').default([]),
};

/** A container that runs to its end before the application starts. */
export const initContainer = z.strictObject(container);

/** A container that starts before the application and ends after it. */
export const sidecar = z.strictObject({
  ...container,
  port: z.int().min(1).max(65535).describe('Port that it listens on, with which it counts as started.').optional(),
});

/** A volume, and where the application mounts it. */
export const volume = withRules(
  z.strictObject({
    ...volumeMount.shape,
    emptyDir: z
      .strictObject({ sizeLimit: text(MEMORY_QUANTITY).describe('How much it may hold.') })
      .describe('An empty folder that goes with the pod.')
      .optional(),
    configMap: text(SUBDOMAIN).max(253).describe('Name of a ConfigMap whose keys are the files.').optional(),
    secret: text(SUBDOMAIN).max(253).describe('Name of a Secret whose keys are the files.').optional(),
    persistentVolumeClaim: text(SUBDOMAIN).max(253).describe('Name of a PersistentVolumeClaim; the chart makes none.').optional(),
  }),
  [
    {
      schema: {
        oneOf: [
          { required: ['emptyDir'] },
          { required: ['configMap'] },
          { required: ['secret'] },
          { required: ['persistentVolumeClaim'] },
        ],
      },
      holds: (values) =>
        [values.emptyDir, values.configMap, values.secret, values.persistentVolumeClaim].filter((kind) => kind !== undefined)
          .length === 1,
      path: ['name'],
      message: 'a volume is one of emptyDir, configMap, secret, persistentVolumeClaim',
      remedy: 'Give exactly one of them.',
    },
  ],
);
