/** Wall-clock time in milliseconds since the Unix epoch. A parameter wherever time matters, so that tests need not sleep. */
export type Clock = () => number;

/**
 * Milliseconds of a clock that only goes forward, and is the same in all threads of the process: CLOCK_MONOTONIC. (What
 * performance.now() says begins anew in each thread.)
 */
export function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

export const systemClock: Clock = () => Date.now();
