import type { Subject } from './subject.js';

/** Where the last date was, in columns, and the characters inside and outside of its two ends. */
export interface Place {
  readonly column: number;
  readonly end: number;
  readonly before: string;
  readonly first: string;
  readonly last: string;
  readonly behind: string;
}

/** Before the first date: a date that begins behind the first two characters is looked at with suspicion. */
export const NOWHERE: Place = { column: 1, end: -1, before: '', first: '', last: '', behind: '' };

export const placeOf = (subject: Subject, column: number, end: number): Place => ({
  column,
  end,
  before: before(subject, column),
  first: subject.at(column),
  last: before(subject, end),
  behind: subject.at(end),
});

/** Whether the characters at both ends are such that a date of the same form may be at the same place of another line. */
export function mayBeAgain(place: Place, subject: Subject): boolean {
  const isStart = before(subject, place.column) === place.before || isMark(subject.at(place.column), place.first);
  const isEnd = subject.at(place.end) === place.behind || isMark(before(subject, place.end), place.last);
  return isStart && isEnd;
}

const before = (subject: Subject, column: number): string => (column > 0 ? subject.at(column - 1) : '');

/** Whether a character is the expected one, and neither letter nor digit: those may belong to something longer. */
const isMark = (character: string, expected: string): boolean =>
  character === expected && !/[\p{L}\p{N}]/u.test(expected);
