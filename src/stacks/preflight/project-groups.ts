import { type IdentityRole } from '../../../manifests/builders';
import { type AzureDevOpsGraph, type GraphGroup } from './azure-devops-graph';
import { type AzureDevOpsProject } from '../../model';

/** A group that contains a group is followed this far. */
const LEVELS = 3;

/** Everybody with any access is in it, by way of other groups; it gives none. */
const GIVES_NOTHING = 'Project Valid Users';

/** The group that each identity should be in. */
export const GROUP_OF: Readonly<Record<IdentityRole, string>> = { reader: 'Readers', writer: 'Contributors' };

/** Groups that may push. */
const MAY_PUSH = [GROUP_OF.writer, 'Project Administrators'];

/** What the groups of an identity come to. */
export interface GroupVerdict {
  /** The group that gives what is needed. @default - there is none */
  readonly sufficient?: string;
  /** Whether that group surely gives it, rather than by permissions that are not looked at. */
  readonly certain: boolean;
  /** Every group that was seen, of the project or not. */
  readonly groups: readonly string[];
}

/** Whether what a service principal or group is in lets it read the project, or write to it. */
export async function judgeGroups(
  graph: AzureDevOpsGraph,
  descriptor: string,
  role: IdentityRole,
  project: AzureDevOpsProject,
): Promise<GroupVerdict> {
  const groups: string[] = [];
  let uncertain: string | undefined;
  for await (const group of groupsOf(graph, descriptor)) {
    groups.push(group.principalName);
    const name = nameInProject(group, project);
    if (name === undefined || isOneOf(name, [GIVES_NOTHING])) continue;
    if (role === 'reader' || isOneOf(name, MAY_PUSH)) return { sufficient: group.principalName, certain: true, groups };
    if (!isOneOf(name, [GROUP_OF.reader])) uncertain ??= group.principalName;
  }
  return { ...(uncertain === undefined ? {} : { sufficient: uncertain }), certain: false, groups };
}

/** The groups that contain it, and those that contain these, nearest first. */
async function* groupsOf(graph: AzureDevOpsGraph, descriptor: string): AsyncGenerator<GraphGroup> {
  const seen = new Set<string>();
  let members: readonly string[] = [descriptor];
  for (let level = 0; level < LEVELS && members.length > 0; level++) {
    const containers: string[] = [];
    for (const member of members) {
      for (const container of await graph.containersOf(member)) {
        if (seen.has(container)) continue;
        seen.add(container);
        containers.push(container);
        yield await graph.group(container);
      }
    }
    members = containers;
  }
}

/** `Readers` of `[my-project]\Readers`; an organization may be called as its project, but its groups have another domain. */
function nameInProject({ principalName, domain }: GraphGroup, { project }: AzureDevOpsProject): string | undefined {
  const prefix = `[${project}]\\`;
  const isOfOrganization = domain?.startsWith('vstfs:///Framework/') === true;
  if (isOfOrganization || principalName.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) return undefined;
  return principalName.slice(prefix.length);
}

const isOneOf = (name: string, names: readonly string[]): boolean =>
  names.some((candidate) => candidate.toLowerCase() === name.toLowerCase());
