import { readdirSync } from 'node:fs';

/** What the process uses. prom-client's own would wake the service a hundred times a second, to measure the event loop. */
export interface ProcessFigures {
  /** Seconds of processor time, and seconds in which the main thread was at work. */
  readonly processor: number;
  readonly busy: number;
  /** Bytes. */
  readonly resident: number;
  readonly heap: number;
  /** Seconds since the epoch. */
  readonly started: number;
  readonly descriptors: number;
  /** Seconds that one turn of the event loop took just now. */
  readonly lag: number;
}

export async function processFigures(): Promise<ProcessFigures> {
  const begun = performance.now();
  await new Promise(setImmediate);
  const lag = (performance.now() - begun) / 1e3;
  const { user, system } = process.cpuUsage();
  const { heapUsed } = process.memoryUsage();
  return {
    lag,
    processor: (user + system) / 1e6,
    busy: performance.eventLoopUtilization().active / 1e3,
    resident: process.memoryUsage.rss(),
    heap: heapUsed,
    started: performance.timeOrigin / 1e3,
    // Without the one that is open for this look.
    descriptors: readdirSync('/proc/self/fd').length - 1,
  };
}
