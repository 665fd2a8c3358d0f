import { type GitAddress } from '../../model';

/** Whether a URL, as a pipeline or Git shows it, is the address of a repository. */
export function isSameRepository(address: GitAddress, url: string): boolean {
  const [one, other] = [address.url, url].map((text) => canonical(address, text));
  return one !== undefined && one === other;
}

/** Without who signs in; Azure DevOps has two hosts for an organization, and ignores case. */
function canonical({ host }: GitAddress, text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(text);
  if (host !== 'azure-devops') return [protocol, hostname, port, pathname.replace(/\.git$/, '')].join(' ');
  const legacy = /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
  if (protocol !== 'https:' || (legacy === undefined && hostname !== 'dev.azure.com')) return undefined;
  const segments = decoded(pathname.split('/').filter((segment) => segment !== ''))?.filter(
    (segment, index) => legacy === undefined || index > 0 || segment !== 'defaultcollection',
  );
  if (segments === undefined) return undefined;
  const [organization, ...rest] = legacy === undefined ? segments : [legacy.toLowerCase(), ...segments];
  // A repository that is called like its project has a short form.
  const [project, marker, repository, ...more] = rest[0] === '_git' ? [rest[1], ...rest] : rest;
  if (marker !== '_git' || repository === undefined || more.length > 0) return undefined;
  return JSON.stringify([organization, project, repository]);
}

function decoded(segments: readonly string[]): readonly string[] | undefined {
  try {
    return segments.map((segment) => decodeURIComponent(segment).toLowerCase());
  } catch {
    return undefined;
  }
}
