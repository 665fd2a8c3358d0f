import { ORGANIZATION_STACK } from './environment-names';
import { type Platform } from './platform';
import { stackFile } from './stack-file-name';
import { suggestion } from './suggest';

/** Every stack of a platform: the Azure DevOps side first, then the environments in the order of promotion. */
export function stackNames({ organization, environments }: Platform): readonly string[] {
  return [...(organization === undefined ? [] : [ORGANIZATION_STACK]), ...environments.map(({ name }) => name)];
}

/** Why a name is that of no environment, `undefined` where it is that of one. */
export function unknownEnvironment({ environments }: Platform, name: string): string | undefined {
  const names = environments.map((environment) => environment.name);
  if (names.includes(name)) return undefined;
  if (name === ORGANIZATION_STACK) return `unknown environment '${name}': it is a stack. Give '--stack ${name}'`;
  return `unknown environment '${name}'. ${suggestion(name, names, 'environments')}`;
}

/** Why a name is that of no stack, `undefined` where it is that of one. */
export function unknownStack(platform: Platform, name: string): string | undefined {
  const names = stackNames(platform);
  if (names.includes(name)) return undefined;
  if (name === ORGANIZATION_STACK) {
    return `there is no stack '${name}', because there is no ${stackFile(name)}. Make it (docs/organization.md), or name the stack of an environment`;
  }
  return `unknown stack '${name}'. ${suggestion(name, names, 'stacks')}`;
}
