/** How far a sender's clock may be from ours to be believed, in milliseconds: as fail2ban, for lines that it reads as they come. */
const TOLERANCE = 60_000;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const RFC3164 = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:\d{4} )?(\d{1,2}):(\d\d):(\d\d)/;

/**
 * When a message was sent, in milliseconds: by its own word where that is within a minute of `now`, else now. A sender with a wrong
 * clock, or an attacker, cannot move a failure out of the time that is counted.
 */
export function timeOf(timestamp: string | undefined, now: number): number {
  const time = timestamp === undefined ? undefined : parsed(timestamp, now);
  return time !== undefined && Math.abs(time - now) <= TOLERANCE ? time : now;
}

function parsed(timestamp: string, now: number): number | undefined {
  const [, month, day, hour, minute, second] = RFC3164.exec(timestamp) ?? [];
  if (month === undefined) return Date.parse(timestamp);
  const rest = [MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  // In local time and without a year, which at New Year may be the one before or behind.
  const year = new Date(now).getFullYear();
  return [year, year - 1, year + 1]
    .map((candidate) => new Date(candidate, ...rest).getTime())
    .find((time) => Math.abs(time - now) <= TOLERANCE);
}
