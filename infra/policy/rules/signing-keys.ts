import { type PlanObject } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { isKnownText, listAt, shown, valueAt } from '../known-value';
import { azureTypes, type ResourceRule } from '../rule';

const KEY_TYPES = ['EC', 'EC-HSM'];
const CURVE = 'P-256';
const OPERATIONS = ['sign', 'verify'];

/** Keys sign, stay in their vault, and change only when somebody changes them. */
export const signingKeys: ResourceRule = {
  name: 'signing-keys',
  description:
    'A key is EC P-256, which cosign signs with in Key Vault; it signs and verifies alone, cannot be exported, and never rotates by itself: ' +
    'admission would not know the new version (docs of cosign and Key Vault). All of it is known before the key is made.',
  about: azureTypes('keyvault:Key'),
  check: ({ props }) => [...kind(props), ...operations(props), ...leaving(props), ...rotation(props)],
};

function kind(props: PlanObject): readonly Finding[] {
  const type = valueAt(props, 'properties', 'kty');
  // Azure's default, for a key of this type.
  const curve = valueAt(props, 'properties', 'curveName') ?? CURVE;
  return [
    ...(KEY_TYPES.includes(type as string)
      ? []
      : [
          {
            message: `properties.kty is ${shown(type)}, and has to be EC or EC-HSM.`,
            remedy: 'Set properties.kty to EC, or to EC-HSM in a premium vault.',
          },
        ]),
    ...(curve === CURVE
      ? []
      : [
          {
            message: `properties.curveName is ${shown(curve)}, and has to be ${CURVE}.`,
            remedy: `Set properties.curveName to ${CURVE}.`,
          },
        ]),
  ];
}

function operations(props: PlanObject): readonly Finding[] {
  const given = valueAt(props, 'properties', 'keyOps');
  // Of an EC key, Azure allows these two by default.
  if (given === undefined) return [];
  const more = listAt(given).filter((operation) => !OPERATIONS.includes(operation as string));
  if (Array.isArray(given) && more.length === 0) return [];
  return [
    {
      message: `properties.keyOps is ${shown(given)}, and may hold sign and verify alone.`,
      remedy: 'Set properties.keyOps to [sign, verify].',
    },
  ];
}

function leaving(props: PlanObject): readonly Finding[] {
  const exportable = valueAt(props, 'properties', 'attributes', 'exportable') ?? false;
  const release = valueAt(props, 'properties', 'release_policy') ?? valueAt(props, 'properties', 'releasePolicy');
  return [
    ...(exportable === false
      ? []
      : [
          {
            message: `properties.attributes.exportable is ${shown(exportable)}, and has to be false.`,
            remedy: 'Set properties.attributes.exportable to false.',
          },
        ]),
    ...(release === undefined
      ? []
      : [{ message: 'The key has a release policy, by which it leaves its vault.', remedy: 'Take the release policy out.' }]),
  ];
}

function rotation(props: PlanObject): readonly Finding[] {
  const policy = valueAt(props, 'properties', 'rotationPolicy');
  const actions = valueAt(policy, 'lifetimeActions');
  if (actions === undefined) return [];
  const kinds = listAt(actions).map((action) => valueAt(action, 'action', 'type'));
  const onlyNotifies = kinds.every((one) => isKnownText(one) && one.toLowerCase() === 'notify');
  if (Array.isArray(actions) && onlyNotifies) return [];
  return [
    {
      message: `The rotation policy does ${Array.isArray(actions) ? kinds.map(shown).join(', ') : shown(actions)}, and may only notify.`,
      remedy: 'Leave only actions of type notify in properties.rotationPolicy and rotate by hand (docs/azure.md).',
    },
  ];
}
