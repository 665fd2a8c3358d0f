/** Host of an `https://` address in lower case, with its port; of an address that is none, nothing. */
export const hostOf = (url: string): string => /^https:\/\/([^/]*)/i.exec(url)?.[1]?.toLowerCase() ?? '';
