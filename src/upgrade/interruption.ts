/** The user wants it to stop; thrown out of whatever is under way, so that nothing is written. */
export class Interrupted extends Error {}

/** @throws Interrupted when somebody wants it to stop */
export function stopIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted('interrupted');
}
