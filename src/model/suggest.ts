import { distance } from 'fastest-levenshtein';

/** The candidate that was probably meant, `undefined` when none is close. */
export function closest(text: string, candidates: readonly string[]): string | undefined {
  // Two letters swapped count as two edits, so a word of three letters tolerates two; a single letter tolerates none.
  const tolerance = text.length < 3 ? text.length - 1 : Math.max(2, Math.min(3, Math.ceil(text.length / 3)));
  let best: string | undefined;
  let bestDistance = tolerance + 1;
  for (const candidate of candidates) {
    const candidateDistance = candidate.toLowerCase() === text.toLowerCase() ? 0 : distance(text, candidate);
    if (candidateDistance < bestDistance) [best, bestDistance] = [candidate, candidateDistance];
  }
  return best;
}

/** "Did you mean 'x'?" where something is close, otherwise all there is to choose from. */
export function suggestion(text: string, candidates: readonly string[], what: string): string {
  const best = closest(text, candidates);
  if (best !== undefined) return `Did you mean '${best}'?`;
  return candidates.length === 0 ? `There are no ${what}.` : `The ${what} are ${candidates.join(', ')}.`;
}
