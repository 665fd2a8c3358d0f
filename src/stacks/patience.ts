import { pause } from '../tools';

/** How long to wait for what Azure only spreads after some minutes, such as a new role. */
export interface Patience {
  /** After this time there is no further attempt. @default 300000 */
  readonly deadlineMilliseconds?: number;
  /** Time between two attempts. @default 10000 */
  readonly pauseMilliseconds?: number;
}

const DEADLINE_MILLISECONDS = 300_000;
const PAUSE_MILLISECONDS = 10_000;

/** Attempts something until it need not be attempted again, the time is over, or it is to stop; gives what the last attempt gave. */
export async function retry<T>(
  { deadlineMilliseconds = DEADLINE_MILLISECONDS, pauseMilliseconds = PAUSE_MILLISECONDS }: Patience,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
  again: (outcome: T) => boolean,
): Promise<T> {
  const end = performance.now() + deadlineMilliseconds;
  for (;;) {
    const outcome = await attempt();
    if (!again(outcome) || performance.now() + pauseMilliseconds > end) return outcome;
    await pause(pauseMilliseconds, signal);
    if (signal?.aborted === true) return outcome;
  }
}

/** The time in words, such as `5 min`. */
export function describePatience({ deadlineMilliseconds = DEADLINE_MILLISECONDS }: Patience): string {
  const seconds = deadlineMilliseconds / 1000;
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
