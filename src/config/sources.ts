import type { SourceConfig } from './types.js';

/** What a jail of dropset.toml says of its sources, validated. */
interface Raw {
  readonly logpath?: readonly string[] | undefined;
  readonly journal?: boolean | undefined;
  readonly journalmatch?: readonly string[] | undefined;
  readonly btmp?: boolean | string | undefined;
  readonly syslog?: readonly string[] | undefined;
}

const BTMP = '/var/log/btmp';

/** Without repeats. A jail by the name of `btmp` needs no word about it. */
export function sourcesOf(name: string, raw: Raw): readonly SourceConfig[] {
  const files = [...new Set(raw.logpath ?? [])].map(
    (pattern): SourceConfig => (pattern === '-' ? { kind: 'stdin' } : { kind: 'file', pattern, start: 'end' }),
  );
  const journal: SourceConfig[] = isJournal(raw) ? [{ kind: 'journal', matches: raw.journalmatch ?? [] }] : [];
  const path = typeof raw.btmp === 'string' ? raw.btmp : BTMP;
  const isBtmp = raw.btmp ?? (name === 'btmp' && files.length + journal.length === 0);
  const btmp: SourceConfig[] = isBtmp ? [{ kind: 'btmp', path }] : [];
  const syslog = [...new Set(raw.syslog ?? [])].map((listen): SourceConfig => ({ kind: 'syslog', listen }));
  return [...files, ...journal, ...btmp, ...syslog];
}

const isJournal = ({ journal, journalmatch }: Raw): boolean => journal ?? journalmatch !== undefined;

/** Keys that say where lines come from with a date, and those whose lines have none, and begin otherwise. */
const DATED = ['logpath'];
const UNDATED = ['journal', 'journalmatch', 'btmp', 'syslog'];

/** What is wrong with which sources a jail has. */
export function sourceFaults(name: string, has: (key: string) => boolean): readonly string[] {
  if (![...DATED, ...UNDATED].some(has)) {
    return name === 'btmp' ? [] : [`has no source; expected one of the keys ${[...DATED, ...UNDATED].join(', ')}`];
  }
  if (!DATED.some(has) || !UNDATED.some(has)) return [];
  return ['reads files and other sources, whose lines begin differently; expected two jails with the same filter'];
}
