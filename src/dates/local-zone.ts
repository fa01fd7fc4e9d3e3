import { DropsetError } from '../model/errors.js';
import { DAY, dateOf, dayNumber, HOUR, SECOND } from './civil.js';

/** Hours whose offset is remembered: five months; a log is read in order. */
const REMEMBERED = 4096;

/** More than any zone needs to settle: the C library gives up here too. */
const PROBES = 6;

/**
 * A zone with daylight-saving rules, by its IANA name: what the C library's `localtime` and `mktime` are for the process's own.
 * The rules are those of the ICU that Node brings.
 */
export class LocalZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();
  #hour = Number.NaN;
  #hourOffset = 0;
  #guess = 0;

  /** @throws DropsetError `config`, for a name that is no zone. */
  constructor(name: string = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.name = name;
    try {
      this.#format = formatOf(name);
    } catch (error) {
      throw new DropsetError('config', `'${name}' is no time zone; write a name such as Europe/Zurich`, {
        cause: error,
      });
    }
  }

  /** Milliseconds east of UTC at a time since the epoch. */
  offsetAt(time: number): number {
    const hour = Math.floor(time / HOUR);
    if (hour !== this.#hour) {
      this.#hourOffset = this.#offsetOfHour(hour);
      this.#hour = hour;
    }
    return Number.isNaN(this.#hourOffset) ? this.#lookUp(time) : this.#hourOffset;
  }

  /** The wall time at a time since the epoch: Python's `datetime.fromtimestamp`. */
  wallAt(time: number): number {
    return time + this.offsetAt(time);
  }

  /**
   * The time at which clocks show a wall time: glibc's `mktime` with `tm_isdst` -1. It starts from the offset that was the last
   * answer, and so the hour that comes twice in autumn is the first while a log goes on, and the second after one has been read
   * in winter time. In the gap of spring it answers for clocks that were already, or still, in daylight-saving time.
   */
  timeOf(wall: number): number {
    let time = wall - this.#guess;
    let previous = time;
    let beforePrevious = time;
    for (let probes = PROBES; probes > 0; probes--) {
      const next = wall - this.offsetAt(time);
      const oscillates = time === beforePrevious && time !== previous;
      if (next === time || (oscillates && this.#saving(previous) <= this.#saving(time))) break;
      beforePrevious = previous;
      previous = time;
      time = next;
    }
    this.#guess = wall - time;
    return time;
  }

  /**
   * Daylight-saving time, 1 or 0, by the year's smaller offset: ICU does not say the flag. In Ireland and Morocco, where tzdata says that
   * winter or Ramadan is the exception, an hour that does not exist is taken the other way round than glibc does.
   */
  #saving(time: number): number {
    const { year } = dateOf(Math.floor(this.wallAt(time) / DAY));
    const january = this.offsetAt((dayNumber(year, 1, 1) ?? 0) * DAY);
    const july = this.offsetAt((dayNumber(year, 7, 1) ?? 0) * DAY);
    return this.offsetAt(time) > Math.min(january, july) ? 1 : 0;
  }

  /** The offset of all of an hour, or NaN where it changes within. */
  #offsetOfHour(hour: number): number {
    const known = this.#offsets.get(hour);
    if (known !== undefined) return known;
    const first = this.#lookUp(hour * HOUR);
    const offset = first === this.#lookUp(hour * HOUR + HOUR - SECOND) ? first : Number.NaN;
    if (this.#offsets.size >= REMEMBERED) this.#offsets.clear();
    this.#offsets.set(hour, offset);
    return offset;
  }

  #lookUp(time: number): number {
    const whole = Math.floor(time / SECOND) * SECOND;
    const parts = new Map(this.#format.formatToParts(whole).map(({ type, value }) => [type, value]));
    const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
    // The wall time of a zone may lie a day outside of the years that datetime has.
    const year = parts.get('era') === 'AD' ? number('year') : 1 - number('year');
    const wall = Date.UTC(2000, number('month') - 1, number('day'), number('hour'), number('minute'), number('second'));
    return new Date(wall).setUTCFullYear(year) - whole;
  }
}

const formatOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
