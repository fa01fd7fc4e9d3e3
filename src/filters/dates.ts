/** A date in a line: what it is, and which characters it takes. */
export interface Stamp {
  readonly start: number;
  readonly end: number;
  /** Milliseconds since the epoch; undefined for a date that does not exist. Only needed for lines that matter. */
  readonly time: (now: number) => number | undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400_000;

/** A leap second is the first of the next minute. */
const CLOCK = String.raw`([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:[.,](\d{1,9}))?`;

/** Up to two characters may stand before a date, as a bracket does. Further right it is part of the message. */
const SYSLOG = new RegExp(String.raw`^(\W{0,2})(${MONTHS.join('|')}) ( ?[1-9]|[0-3]\d) ${CLOCK}(?!\w)`);
const ISO = new RegExp(String.raw`^(\W{0,2})(\d{4})-(\d\d)-(\d\d)[T ]${CLOCK}( ?(?:Z\b|[+-]\d\d:?\d\d(?!\d)))?(?!\w)`);

/**
 * Finds the date at the beginning of a line: `Nov  1 02:55:12` (syslog, local time, no year) or
 * `2026-11-21T02:55:12.123456+01:00` (ISO 8601; with a space for the T, a comma for the point, local without a zone).
 */
export function findDate(text: string): Stamp | undefined {
  const syslog = SYSLOG.exec(text);
  if (syslog) return { ...spanOf(syslog), time: (now) => syslogTime(syslog, now) };
  const iso = ISO.exec(text);
  return iso ? { ...spanOf(iso), time: () => isoTime(iso) } : undefined;
}

const spanOf = (found: RegExpExecArray): { start: number; end: number } => ({
  start: (found[1] as string).length,
  end: found[0].length,
});

/** A year that is not there is this one, unless that is more than a day ahead: December's lines, read in January. */
function syslogTime(found: RegExpExecArray, now: number): number | undefined {
  const [, , month = '', day, hour, minute, second, fraction] = found;
  const timeIn = (year: number): number | undefined =>
    timeOf([year, MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second), millis(fraction)]);
  const year = new Date(now).getFullYear();
  const time = timeIn(year);
  return time !== undefined && time > now + DAY ? timeIn(year - 1) : time;
}

function isoTime(found: RegExpExecArray): number | undefined {
  const [, , year, month, day, hour, minute, second, fraction, zone] = found;
  const date = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)];
  return timeOf([...date, millis(fraction)] as Numbers, zone?.trim());
}

type Numbers = [year: number, month: number, day: number, hour: number, minute: number, second: number, ms: number];

/** Undefined for February 30. Without a zone it is local time. */
function timeOf(numbers: Numbers, zone?: string): number | undefined {
  const [, month, day] = numbers;
  const isReal = month >= 0 && month < 12 && day > 0 && day <= new Date(numbers[0], month + 1, 0).getDate();
  if (!isReal) return undefined;
  return zone === undefined ? new Date(...numbers).getTime() : Date.UTC(...numbers) - offsetOf(zone);
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

const millis = (fraction = ''): number => Number(fraction.slice(0, 3).padEnd(3, '0'));
