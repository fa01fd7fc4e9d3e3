import { DateDetector } from '../dates/detector.js';
import { LocalZone } from '../dates/local-zone.js';
import type { YearRange } from '../dates/years.js';
import type { Clock } from '../model/clock.js';
import type { FilterDefinition } from '../model/definition.js';
import type { Attempt } from './searches.js';

export interface FilterOptions {
  readonly now: Clock;
  /** Milliseconds; what was there before and is older is of no use. Absent: every line is judged, as tools do. */
  readonly findtime?: number;
  /** Whether `<HOST>` may be a host name; true where absent. */
  readonly resolvesNames?: boolean;
  /** `logtimezone`: `UTC+0200`. */
  readonly logtimezone?: string;
  /** IANA name of the zone that dates without one are in; the process's where absent. */
  readonly zone?: string;
  /** What dates that leave their year or day out are completed by; `now` where absent. */
  readonly reference?: Clock;
  /** Told each date before it is compared with `now`. */
  readonly onDate?: (time: number) => void;
  /** The years that a date may lie in; those around now where absent. */
  readonly years?: YearRange;
  /** Try every failregex on each line, and tell of lines that are no failure too: for tools. */
  readonly everyRegex?: boolean;
  /** Tell of lines that are no failure too, even if the first hit wins; a hit's finding does not change then. For tools. */
  readonly everyHit?: boolean;
  /** Told what is searched for, so that whoever interrupts a search knows. */
  readonly attempt?: Attempt;
}

/**
 * A detector for the dates of a filter's lines.
 *
 * @throws DropsetError `filter`, for a date pattern that cannot be used; `config`, for a time zone that is none.
 */
export function detectorOf({ datepattern }: FilterDefinition, options: FilterOptions): DateDetector {
  const { now, reference = now, logtimezone, zone, years } = options;
  return new DateDetector({
    now: reference,
    ...(datepattern !== undefined && { datepattern }),
    ...(logtimezone !== undefined && { timezone: logtimezone }),
    ...(zone !== undefined && { zone: new LocalZone(zone) }),
    ...(years && { years }),
  });
}
