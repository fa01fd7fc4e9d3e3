/**
 * - `ok`: as it should be.
 * - `note`: good to know.
 * - `warning`: something that is meant does not work, or will soon not.
 * - `fault`: the service cannot do its work.
 */
export type Level = 'ok' | 'note' | 'warning' | 'fault';

/** What was found, in one sentence, and the way out of it: what to do or to write; null where there is nothing to be done. */
export interface Finding {
  readonly level: Level;
  /** What it is about: hooks, clock, disk, limits, neighbours, service, configuration, kernel, route, denyfile.NAME, hook NAME. */
  readonly subject: string;
  readonly sentence: string;
  readonly way: string | null;
}

export const finding = (level: Level, subject: string, sentence: string, way: string | null = null): Finding => ({
  level,
  subject,
  sentence,
  way,
});
