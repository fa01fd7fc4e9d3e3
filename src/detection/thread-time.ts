import { readFileSync } from 'node:fs';

/**
 * Milliseconds that this thread has been on a processor since it began: the first field of schedstat
 * (Documentation/scheduler/sched-stats.rst, nanoseconds). Unlike the wall clock it stands still while others have the machine.
 */
export const threadTime = (): number =>
  Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6;
