import * as z from 'zod';
import type { SiegeTerms } from '../model/siege.js';
import { boundedSpan, wholeNumber } from './fields.js';

const EXPECTED = 'a table such as { offenders = 100, window = "10m", calm = "30m" }';

/** `[jail.NAME] siege`, as it is written. */
export const siege = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.strictObject(
    {
      // Of so many the newest are remembered, and each failure of a flood then costs 7 us.
      offenders: wholeNumber(1, 10_000).default(100),
      user_offenders: wholeNumber(1, 1_000).default(20),
      window: boundedSpan(10_000, 86_400_000, 'a time from "10s" to "1d"').default(600_000),
      calm: boundedSpan(10_000, 30 * 86_400_000, 'a time from "10s" to "30d"').default(1_800_000),
    },
    EXPECTED,
  ),
);

export function siegeOf(raw: z.infer<typeof siege>): SiegeTerms {
  const { offenders, user_offenders: userOffenders, window, calm } = raw;
  return { offenders, userOffenders, window, calm };
}

/** Where somebody asks what one would do, and the jail has none. */
export const USUAL_SIEGE: SiegeTerms = siegeOf(siege.parse({}));
