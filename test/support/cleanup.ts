type Cleanup = () => void | Promise<void>;

const cleanups: Cleanup[] = [];

/** Has something done after the tests of the file, or, outside of jest, by {@link cleanUp}. */
export function onCleanup(cleanup: Cleanup): void {
  if (typeof afterAll === 'function') afterAll(cleanup);
  else cleanups.push(cleanup);
}

/** For what uses the support of the tests without jest, such as a benchmark. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups) await cleanup();
}
