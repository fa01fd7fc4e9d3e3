/** Wall-clock time in milliseconds since the Unix epoch. A parameter wherever time matters, so that tests need not sleep. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
