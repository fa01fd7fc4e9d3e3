/** One entry as `journalctl -o json` prints it; see systemd's JOURNAL_EXPORT_FORMATS, "Journal JSON Format". */
export type JournalEntry = Readonly<Record<string, unknown>>;

/** The fields that a line is made of. __CURSOR, __REALTIME_TIMESTAMP and __MONOTONIC_TIMESTAMP are always there. */
export const LINE_FIELDS = [
  '_HOSTNAME',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'SYSLOG_PID',
  '_PID',
  'MESSAGE',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
] as const;

const SPACE = Buffer.from(' ');
const NOTHING = Buffer.alloc(0);

/** Reads one line of journalctl's output; undefined for what is no entry with a cursor and a time. */
export function parseEntry(record: Buffer): JournalEntry | undefined {
  try {
    const entry = JSON.parse(record.toString('utf8'));
    const isEntry = typeof entry?.__CURSOR === 'string' && timeOf(entry) !== undefined;
    return isEntry ? entry : undefined;
  } catch {
    return undefined;
  }
}

/**
 * When it happened, in milliseconds since the epoch: by the clock of who sent it where journald knows that, else when journald
 * had it. Both are journald's word and not the sender's: names that begin with `_` are trusted (systemd.journal-fields(7)).
 */
export function timeOf(entry: JournalEntry): number | undefined {
  return millisecondsOf(entry._SOURCE_REALTIME_TIMESTAMP) ?? millisecondsOf(entry.__REALTIME_TIMESTAMP);
}

function millisecondsOf(value: unknown): number | undefined {
  const isNumber = typeof value === 'string' && /^\d{1,16}$/.test(value);
  return isNumber ? Math.floor(Number(value) / 1000) : undefined;
}

/**
 * The line of an entry, `HOST IDENT[PID]: MESSAGE`, as fail2ban's filtersystemd.py writes it; the kernel's have the time since
 * boot before the message. Parts that are missing are left out. Line breaks are still in it.
 */
export function lineOf(entry: JournalEntry): Buffer {
  const tag = tagOf(entry);
  const words = [first(entry._HOSTNAME), tag, tag.equals(KERNEL) ? sinceBoot(entry) : NOTHING];
  const parts = words.filter((word) => word.length > 0).flatMap((word) => [word, SPACE]);
  return Buffer.concat([...parts, messageOf(entry.MESSAGE)]);
}

const KERNEL = Buffer.from('kernel:');

function tagOf(entry: JournalEntry): Buffer {
  const name = firstOf(entry.SYSLOG_IDENTIFIER, entry._COMM);
  if (name.length === 0) return NOTHING;
  const pid = firstOf(entry.SYSLOG_PID, entry._PID);
  return Buffer.concat([name, pid.length > 0 ? Buffer.from(`[${number(pid)}]`, 'latin1') : NOTHING, Buffer.from(':')]);
}

/** A number without leading zeros, `0x10` as 16, anything else as it is: SYSLOG_PID is the sender's word. */
function number(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return /^(?:\d{1,15}|0x[\da-f]{1,12})$/i.test(text) ? String(Number(text)) : text;
}

/** As Python's `[%12.6f]`, in seconds. */
function sinceBoot(entry: JournalEntry): Buffer {
  const microseconds = Number(entry._SOURCE_MONOTONIC_TIMESTAMP ?? entry.__MONOTONIC_TIMESTAMP);
  return Buffer.from(`[${(microseconds / 1e6).toFixed(6).padStart(12)}]`);
}

/** Of a message that was sent in several fields of the same name, all of them. */
function messageOf(value: unknown): Buffer {
  if (!Array.isArray(value) || isBytes(value)) return bytesOf(value);
  return Buffer.concat(value.flatMap((part, index) => (index > 0 ? [SPACE, bytesOf(part)] : [bytesOf(part)])));
}

function firstOf(value: unknown, otherwise: unknown): Buffer {
  const bytes = first(value);
  return bytes.length > 0 ? bytes : first(otherwise);
}

/** The first of several values, or the only one. */
const first = (value: unknown): Buffer => bytesOf(Array.isArray(value) && !isBytes(value) ? value[0] : value);

const isBytes = (value: readonly unknown[]): boolean => typeof value[0] === 'number';

/** A value is text, or an array of bytes where it is not printable UTF-8, or null where it is too large. */
function bytesOf(value: unknown): Buffer {
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  return Array.isArray(value) && isBytes(value) ? Buffer.from(value) : NOTHING;
}
