import * as z from 'zod';
import { type SiegeTerms, USUAL_SIEGE } from '../model/siege.js';
import { boundedSpan, wholeNumber } from './fields.js';

const EXPECTED = 'a table such as { offenders = 100, window = "10m", calm = "30m" }';

/** `[jail.NAME] siege`, as it is written. */
export const siege = z.preprocess(
  (value) => (value instanceof Date ? value.toISOString() : value),
  z.strictObject(
    {
      // Of so many the newest are remembered, and each failure of a flood then costs 7 us.
      offenders: wholeNumber(1, 10_000).default(USUAL_SIEGE.offenders),
      user_offenders: wholeNumber(1, 1_000).default(USUAL_SIEGE.userOffenders),
      window: boundedSpan(1_000, 86_400_000, 'a time from "1s" to "1d"').default(USUAL_SIEGE.window),
      calm: boundedSpan(1_000, 30 * 86_400_000, 'a time from "1s" to "30d"').default(USUAL_SIEGE.calm),
    },
    EXPECTED,
  ),
);

export function siegeOf(raw: z.infer<typeof siege>): SiegeTerms {
  const { offenders, user_offenders: userOffenders, window, calm } = raw;
  return { offenders, userOffenders, window, calm };
}
