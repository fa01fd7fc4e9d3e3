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
  const syslog = [...new Set(raw.syslog ?? [])].map((listen): SourceConfig => ({ kind: 'syslog', listen }));
  const path = typeof raw.btmp === 'string' ? raw.btmp : BTMP;
  const isBtmp = raw.btmp ?? (name === 'btmp' && files.length + journal.length + syslog.length === 0);
  const btmp: SourceConfig[] = isBtmp ? [{ kind: 'btmp', path }] : [];
  return [...files, ...journal, ...btmp, ...syslog];
}

const isJournal = ({ journal, journalmatch }: Raw): boolean => journal ?? journalmatch !== undefined;

/** Keys that say where lines come from with a date, and those whose lines have none, and begin otherwise. */
const DATED = ['logpath'];
const UNDATED = ['journal', 'journalmatch', 'btmp', 'syslog'];

/** Keys that a jail without lines has no use for. */
const FILTERING = [
  'filter',
  'prefregex',
  'failregex',
  'ignoreregex',
  'datepattern',
  'maxlines',
  'usedns',
  'siege',
  'successregex',
];

/** What is wrong with which sources a jail has. `table` is as the TOML parser made it. */
export function sourceFaults(name: string, table: Readonly<Record<string, unknown>>): readonly string[] {
  const names = (key: string): boolean => Object.hasOwn(table, key) && table[key] !== false;
  if (table.journal === false && names('journalmatch')) {
    return ['has a journalmatch and journal = false; expected one of them'];
  }
  if (names('recidive')) {
    const others = [...DATED, ...UNDATED, ...FILTERING].filter(names);
    return others.length === 0
      ? []
      : [`counts bans (recidive) and has ${others.join(', ')}; expected one or the other`];
  }
  if (![...DATED, ...UNDATED].some(names)) {
    if (name === 'btmp' && table.btmp !== false) return [];
    return [`has no source; expected one of the keys ${[...DATED, ...UNDATED].join(', ')}`];
  }
  if (!DATED.some(names) || !UNDATED.some(names)) return [];
  return ['reads files and other sources, whose lines begin differently; expected two jails with the same filter'];
}
