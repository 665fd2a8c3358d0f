import { ORGANIZATION_STACK } from '../environment-names';
import { type Sources } from '../sources';
import { stackFile } from '../stack-file-name';

/** Whether a stack has settings, be they right or wrong. */
export function hasStackFile({ stackFiles }: Sources, stack: string): boolean {
  // What ends in .yml has its own message.
  return stackFiles.includes(stackFile(stack)) || stackFiles.includes(`Pulumi.${stack}.yml`);
}

/** Whether there is a stack that makes the Azure DevOps side. */
export function hasOrganization(sources: Sources): boolean {
  return hasStackFile(sources, ORGANIZATION_STACK);
}
