import { printable } from '../model/printable.js';

/** Events go to standard error, one line each; the journal adds its own time, a terminal gets ours. */
export type Level = 'info' | 'warning' | 'error';
export type Log = (level: Level, sentence: string) => void;

/** syslog severities in the form that systemd reads (man sd-daemon). */
const SEVERITY = { info: '<6>', warning: '<4>', error: '<3>' } as const;

export function logTo(stream: { write(text: string): unknown }, underSystemd: boolean): Log {
  return (level, sentence) => {
    const text = printable(sentence);
    if (underSystemd) stream.write(`${SEVERITY[level]}${text}\n`);
    else stream.write(`${new Date().toISOString()} ${level === 'info' ? '' : `${level}: `}${text}\n`);
  };
}
