type Cleanup = () => void | Promise<void>;

const cleanups: Cleanup[] = [];

/** Has something done after the tests of the file, or, outside of jest, by {@link cleanUp}. */
export function onCleanup(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

/** Does what was to be done at the end, the latest first; for what uses the support of the tests without jest, such as a benchmark. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

if (typeof afterAll === 'function') afterAll(cleanUp);
