import { type Finding } from '../finding';
import { isKnownText, isObject, shown, valueAt } from '../known-value';
import { ORGANIZATION_STACK } from '../../../src/model';
import { azureType, isAzureNative } from '../resource-type';
import { type CheckedResource, type ResourceRule } from '../rule';

/** Types that have tags. Source: Azure, tag support for resources. */
const TAGGABLE: ReadonlySet<string> = new Set([
  'containerregistry:Registry',
  'keyvault:Key',
  'keyvault:Secret',
  'keyvault:Vault',
  'managedidentity:UserAssignedIdentity',
  'network:PrivateEndpoint',
  'privatedns:PrivateZone',
  'privatedns:VirtualNetworkLink',
  'resources:ResourceGroup',
]);

/** Types that have none. */
const UNTAGGABLE: ReadonlySet<string> = new Set([
  'authorization:ManagementLockByScope',
  'authorization:RoleAssignment',
  'authorization:RoleDefinition',
  'managedidentity:FederatedIdentityCredential',
  'monitor:DiagnosticSetting',
  'network:PrivateDnsZoneGroup',
]);

/** Whoever finds a resource in Azure sees whose it is. */
export const tagged: ResourceRule = {
  name: 'tagged',
  description:
    'What has tags has `managed-by`, and in the stack of an environment `environment` with its name (the tags that every stack sets). ' +
    'Tags are known before the resource is made. A type that no list names is refused, so that every other rule was thought of for it.',
  about: isAzureNative,
  check: (resource) => {
    const type = azureType(resource.type)!;
    if (TAGGABLE.has(type)) return checkTags(resource);
    if (UNTAGGABLE.has(type)) return [];
    return [
      {
        message: `Nobody has said whether ${resource.type} has tags, and what else is to be looked at.`,
        remedy: `Add '${type}' to TAGGABLE or UNTAGGABLE in infra/policy/rules/tagged.ts, and think of a rule for it.`,
      },
    ];
  },
};

function checkTags({ props, stack }: CheckedResource): readonly Finding[] {
  const tags = valueAt(props, 'tags');
  const tag = (name: string): ReturnType<typeof valueAt> => (isObject(tags) ? valueAt(tags, name) : tags);
  const managedBy = tag('managed-by');
  const environment = tag('environment');
  return [
    ...(isKnownText(managedBy) && managedBy !== ''
      ? []
      : [
          {
            message: `The tag managed-by is ${shown(managedBy)}, and has to say who manages it.`,
            remedy: "Give the resource the tags of the stack's settings.",
          },
        ]),
    ...(stack === ORGANIZATION_STACK || environment === stack
      ? []
      : [
          {
            message: `The tag environment is ${shown(environment)}, and has to be '${stack}'.`,
            remedy: "Give the resource the tags of the stack's settings.",
          },
        ]),
  ];
}
