import { fstatSync } from 'node:fs';
import type { LogConfig } from '../config/types.js';
import { type Event, LEVELS, type Level, levelOf } from '../model/events.js';
import { printableJson } from '../model/printable.js';
import type { Listener } from './events.js';
import { messageOfEvent, recordOf } from './record.js';

/** syslog severities in the form that systemd reads (man sd-daemon). */
const SEVERITY = { debug: '<7>', info: '<6>', warning: '<4>', error: '<3>' } as const;

/**
 * Writes an event a line, as text or as JSON.
 *
 * Where the stream is the journal each line begins with its severity, and the journal takes that off again: `journalctl -p warning`
 * and `journalctl -o cat | jq` both do what they should. So does JSON elsewhere, which says its level itself.
 */
export function logTo(
  stream: { write(text: string): unknown },
  { format, level }: Pick<LogConfig, 'format' | 'level'>,
  isJournal: boolean,
): Listener {
  const least = LEVELS.indexOf(level);
  const lineOf = format === 'json' ? json : isJournal ? messageOfEvent : text;
  const hear = (event: Event, time: number): void => {
    const found = levelOf(event);
    if (LEVELS.indexOf(found) < least) return;
    stream.write(`${isJournal ? SEVERITY[found] : ''}${lineOf(event, time)}\n`);
  };
  if (level !== 'debug') return { hear };
  return { hear, hearMany: (events, time) => events.forEach((event) => void hear(event, time)) };
}

const json = (event: Event, time: number): string => printableJson(recordOf(event, time));

/** The journal has times and levels of its own; a terminal gets ours, and the level where it matters. */
function text(event: Event, time: number): string {
  const level: Level = levelOf(event);
  return `${new Date(time).toISOString()} ${level === 'info' ? '' : `${level}: `}${messageOfEvent(event)}`;
}

/**
 * Whether a descriptor leads to the journal: man systemd.exec, $JOURNAL_STREAM. A child of a service inherits the variable, and may
 * write elsewhere.
 */
export function isJournal(descriptor: number, { JOURNAL_STREAM }: NodeJS.ProcessEnv): boolean {
  if (JOURNAL_STREAM === undefined) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return JOURNAL_STREAM === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
