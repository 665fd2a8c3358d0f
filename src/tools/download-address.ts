import { redact } from './redact';

/** Where a download is fetched: the longest beginning that `supplyChain.downloads` names is replaced. */
export function fetchedAddress(url: string, replacements: Readonly<Record<string, string>>): string {
  const [prefix, replacement] = Object.entries(replacements)
    .filter(([candidate]) => url.startsWith(candidate))
    .reduce<readonly [string, string]>((longest, entry) => (entry[0].length > longest[0].length ? entry : longest), ['', '']);
  return `${replacement}${url.slice(prefix.length)}`;
}

/** An address as it may be shown: without user, password, and the query, in which redirects carry signatures. */
export function shownAddress(address: string, environment: Readonly<Record<string, string | undefined>>): string {
  if (!URL.canParse(address)) return redact(address, environment);
  const { protocol, host, pathname, search } = new URL(address);
  return redact(`${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`, environment);
}
