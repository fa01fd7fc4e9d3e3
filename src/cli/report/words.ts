import type { OffenderReport, ReportedOffender } from '../../control/api.js';

/** What a report is made of, and what it is called. */
export interface Titled {
  readonly title: string;
  readonly report: OffenderReport;
}

export const USUAL_TITLE = 'Wall of shame';

/** `12,345` */
export const count = (number: number): string => number.toLocaleString('en');

export const counted = (number: number, one: string, many: string): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** `2026-03-18 13:30`, of ISO 8601 in UTC. */
export const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');

export const day = (time: string): string => time.slice(0, 10);

/** How wide a bucket is, for people. */
export function widthOf(seconds: number): string {
  if (seconds === 3600) return 'hour';
  if (seconds < 86_400) return `${seconds / 3600} hours`;
  const days = seconds / 86_400;
  if (days === 1) return 'day';
  return days === 7 ? 'week' : `${days / 7} weeks`;
}

export function summaryOf({ since, time, sums }: OffenderReport): string {
  const who = counted(sums.offenders, 'address or network was', 'addresses and networks were');
  return `${who} banned ${counted(sums.bans, 'time', 'times')}, from ${day(since)} to ${day(time)}; ${count(sums.banned)} ${sums.banned === 1 ? 'is' : 'are'} banned now.`;
}

/** What the picture does not show. */
export function captionOf({ timeline, sums }: OffenderReport): string {
  const drawn = `Bans by the ${widthOf(timeline.seconds)} in which they began, in UTC.`;
  if (sums.dated >= sums.bans) return drawn;
  return `${drawn} Of who was banned again and again the first and the last ban have a date: ${count(sums.dated)} of ${count(sums.bans)} bans are drawn.`;
}

/** Whether it is banned now. */
export function standing({ offenders, banned }: ReportedOffender): string {
  if (offenders === 1 || banned === 0 || banned === offenders) return banned > 0 ? 'yes' : 'no';
  return `${count(banned)} of ${count(offenders)}`;
}
