import { environmentNamesOf } from '../environment-names';
import { WRITING_COMPONENTS } from '../outputs-file';
import { type Problem } from '../problem';
import { at, type CheckedStack } from './checked-stack';

/** Every identity is one cluster's, and either reads or writes. */
export function checkStackIdentities(stacks: readonly CheckedStack[]): readonly Problem[] {
  return [...stacks.map(identitiesApart).filter((problem) => problem !== undefined), ...sharedIdentities(stacks)];
}

/** What controllers that read and controllers that write sign in as, whether it is made or another team's. */
function identitiesApart(checked: CheckedStack): Problem | undefined {
  const { config } = checked.content;
  const { flux } = checked.sources.platform.content;
  const { readerIdentity, writerIdentity } = config['k8s-gitops:existing'];
  // Two names that are one are told where the names stand.
  if (readerIdentity === undefined && writerIdentity === undefined) return undefined;
  if (!WRITING_COMPONENTS.some((component) => flux.components.includes(component))) return undefined;
  const names = environmentNamesOf(checked.name, checked.entry, checked.sources.platform.content);
  const reader = identityOf(checked, 'reader');
  const writer = identityOf(checked, 'writer');
  if (reader.toLowerCase() !== writer.toLowerCase()) return undefined;
  const name = reader.split('/').at(-1)!;
  if (readerIdentity !== undefined && writerIdentity !== undefined) {
    return {
      location: at(checked, 'k8s-gitops:existing', 'writerIdentity'),
      message: `'readerIdentity' and 'writerIdentity' are the same identity '${name}'`,
      remedy: `Give two, such as ${names.readerIdentity} and ${names.writerIdentity}: the controllers that only read must not be able to write.`,
    };
  }
  const [given, other, work] =
    readerIdentity === undefined
      ? (['writerIdentity', 'readerIdentity', 'read'] as const)
      : (['readerIdentity', 'writerIdentity', 'write'] as const);
  return {
    location: at(checked, 'k8s-gitops:existing', given),
    message: `'${given}' is the identity '${name}', which the stack makes for the controllers that ${work}`,
    remedy: `Give another '${given}', or 'names.${other}' in platform.yaml: the controllers that only read must not be able to write.`,
  };
}

/** An identity belongs to one cluster: what runs on another would be able to do the same, and two stacks would make it. */
function sharedIdentities(stacks: readonly CheckedStack[]): readonly Problem[] {
  const first = new Map<string, { readonly stack: CheckedStack; readonly role: string }>();
  return stacks.flatMap((stack) =>
    (['reader', 'writer'] as const).flatMap((role): readonly Problem[] => {
      const id = identityOf(stack, role).toLowerCase();
      const earlier = first.get(id);
      if (earlier === undefined) {
        first.set(id, { stack, role });
        return [];
      }
      if (earlier.stack === stack) return [];
      return [
        {
          location: stack.yaml.locateKey(['config', 'k8s-gitops:existing', `${role}Identity`]) ?? stack.yaml.locate(['config']),
          message: `the ${role} identity of '${stack.name}' is '${id.split('/').at(-1)!}', which is the ${earlier.role} identity of '${earlier.stack.name}' (${earlier.stack.yaml.file})`,
          remedy: `Give each environment identities of its own: 'naming.${role}Identity' with {environment}, or another resource group.`,
        },
      ];
    }),
  );
}

/** Resource id of an identity, of another team or to be made. */
function identityOf({ name, entry, sources, content: { config } }: CheckedStack, role: 'reader' | 'writer'): string {
  const names = environmentNamesOf(name, entry, sources.platform.content);
  const group = config['k8s-gitops:resourceGroup'] ?? names.resourceGroup;
  return (
    config['k8s-gitops:existing'][`${role}Identity`] ??
    `/subscriptions/${config['azure-native:subscriptionId']}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${names[`${role}Identity`]}`
  );
}
