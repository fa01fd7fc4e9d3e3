import { DropsetError } from '../model/errors.js';
import { parseBoolean, parseInteger } from './numbers.js';
import { parseReference } from './reference.js';
import { splitWords } from './words.js';

/** Where a jail's lines come from. */
export interface Backend {
  /** As written: `auto`, `systemd[journalflags=1]`. */
  readonly text: string;
  readonly name: BackendName;
  /** Of `systemd` alone. */
  readonly journal?: Journal;
}

export type BackendName = 'auto' | 'pyinotify' | 'gamin' | 'polling' | 'systemd';

/** The journal to read; absent for the system's own. See sd-journal(3). */
export interface Journal {
  /** The folder of the journal's files. */
  readonly path?: string;
  /** Patterns of files. */
  readonly files?: readonly string[];
  /** The flags of sd_journal_open(3): 4 (SD_JOURNAL_SYSTEM) where fail2ban is not told. */
  readonly flags?: number;
  readonly namespace?: string;
  /** Whether rotated files are read too. Newer than fail2ban 1.0. */
  readonly rotated?: boolean;
}

const NAMES: readonly string[] = ['auto', 'pyinotify', 'gamin', 'polling', 'systemd'] satisfies BackendName[];

const OPTIONS = ['journalpath', 'journalfiles', 'journalflags', 'namespace', 'rotated'];

/** @throws DropsetError `config`, without a place: an unknown backend or option. */
export function parseBackend(text: string): Backend {
  const { name, parameters } = parseReference(text);
  const lower = name.trim().toLowerCase();
  if (!isName(lower)) throw new DropsetError('config', `'${text}' is no backend; use one of ${NAMES.join(', ')}`);
  if (lower !== 'systemd') return { text, name: lower };
  const unknown = [...parameters.keys()].find((option) => !OPTIONS.includes(option));
  if (unknown) throw new DropsetError('config', `'${unknown}' is no option of systemd; use ${OPTIONS.join(', ')}`);
  return { text, name: lower, journal: journalOf(parameters) };
}

const isName = (name: string): name is BackendName => NAMES.includes(name);

function journalOf(parameters: ReadonlyMap<string, string>): Journal {
  const path = parameters.get('journalpath');
  const files = parameters.get('journalfiles');
  const flags = parameters.get('journalflags');
  const namespace = parameters.get('namespace');
  const rotated = parameters.get('rotated');
  return {
    ...(path && { path }),
    ...(files && { files: splitWords(files) }),
    ...(flags !== undefined && { flags: flagsOf(flags) }),
    ...(namespace && { namespace }),
    ...(rotated !== undefined && { rotated: parseBoolean(rotated) }),
  };
}

function flagsOf(text: string): number {
  const flags = parseInteger(text);
  if (flags !== undefined && flags >= 0) return flags;
  throw new DropsetError('config', `journalflags = ${text} is no number; see sd_journal_open(3)`);
}
