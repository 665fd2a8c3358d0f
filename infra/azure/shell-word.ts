/** A word of a command that is printed to be copied: in quotes where a shell would read more into it. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A command that is printed to be copied. */
export const shellLine = (...words: readonly string[]): string => words.map(shellWord).join(' ');
