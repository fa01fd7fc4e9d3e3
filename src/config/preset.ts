import { existsSync } from 'node:fs';
import { suggest } from '../model/suggest.js';
import { PRESETS, type Preset, presetNamed } from '../presets/presets.js';
import type { JournalSource, SourceConfig } from './types.js';

/** A jail's table, as the TOML parser made it. */
type Table = Readonly<Record<string, unknown>>;

/** Keys that say where lines come from: one of them, and those of the preset are no matter. */
const SOURCES = ['logpath', 'journal', 'journalmatch', 'btmp', 'syslog'];

/** Keys of which one replaces the preset's filter. */
const FILTERS = ['filter', 'failregex'];

const says = (table: Table, keys: readonly string[]): boolean =>
  keys.some((key) => Object.hasOwn(table, key) && table[key] !== false);

/** The jail that a table means: what it does not say itself is its preset's. Without a preset that is known, the table as it is. */
export function withPreset(table: Table): Table {
  const preset = presetOf(table);
  if (!preset) return table;
  const { maxretry, findtime, bantime } = preset;
  return {
    ...{ maxretry, findtime, bantime },
    ...(says(table, FILTERS) ? {} : { filter: preset.filter }),
    ...(says(table, SOURCES) ? journalOf(table, preset) : sourceKeys(preset)),
    ...table,
  };
}

/** Undefined where a table names none, or one that is unknown. */
const presetOf = ({ preset }: Table): Preset | undefined =>
  typeof preset === 'string' ? presetNamed(preset) : undefined;

const sourceKeys = ({ logpath, btmp }: Preset): Table => (btmp ? { btmp } : { logpath });

/** Of the whole journal only what the preset is about. */
const journalOf = (table: Table, { journalmatch }: Preset): Table =>
  table.journal === true && journalmatch ? { journalmatch } : {};

/** The journal that a jail reads where none of its preset's logs is there; undefined if it says itself what it reads. */
export function fallbackOf(table: Table): JournalSource | undefined {
  const matches = presetOf(table)?.journalmatch;
  return matches && !says(table, SOURCES) && table.journal !== false ? { kind: 'journal', matches } : undefined;
}

/** What is wrong with a preset's name, behind `found`; undefined if nothing is. */
export function presetFault(table: Table): string | undefined {
  const { preset } = table;
  if (typeof preset !== 'string' || presetNamed(preset)) return undefined;
  const names = PRESETS.map(({ name }) => name);
  const near = suggest(preset, names);
  return near ? `no such preset; did you mean '${near}'?` : `no such preset; expected one of ${names.join(', ')}`;
}

/** sd-journald's socket, which is there exactly while it runs (systemd-journald.socket). */
const JOURNALD = '/run/systemd/journal/socket';

/**
 * What a jail reads. Without rsyslog a machine has no auth.log, and the journal is read then. A reload looks again.
 *
 * @param has whether a path is there.
 */
export function chosenSources(
  sources: readonly SourceConfig[],
  fallback: JournalSource | undefined,
  has: (path: string) => boolean = existsSync,
): readonly SourceConfig[] {
  if (!fallback || !has(JOURNALD)) return sources;
  return sources.some((source) => source.kind === 'file' && has(source.pattern)) ? sources : [fallback];
}
