/** Parts that the default patterns have in common. */
const TIME = '%H:%M:%S';
const SHORT_TIME = '%k:%M:%S';
const POINT = '(?:\\.%f)?';
const POINT_OR_COMMA = '(?:[.,]%f)?';
const OFFSET = '(?:\\s*%z)?';
const YEAR_BEHIND = '(?: %ExY)?';
const WEEKDAY = '(?:%a )?';
const T_OR_SPACE = '(?:T|  ?)';

/** Two characters that must be the same: `2026-11-21`, `2026/11/21`, and not `2026-11/21`. */
const separated = (first: string, separators: string, middle: string, last: string): string =>
  `${first}(?P<_sep>${separators})${middle}(?P=_sep)${last}`;

/** `2026-11-21T05:48:17.123456+01:00`, `2026/11/21 05:48:17`, `2026.11.21 05:48:17` */
export const ISO_DATE = `${separated('%ExY', '[-/.]', '%m', '%d')}${T_OR_SPACE}${TIME}${POINT_OR_COMMA}${OFFSET}`;

/** `Nov 21 05:48:17`, `Sat Nov 21 05:48:17.123 2026` */
export const SYSLOG_DATE = `${WEEKDAY}%b %d ${SHORT_TIME}${POINT}${YEAR_BEHIND}`;

/** `21/Nov/2026:05:48:17 +0100`, `21-Nov-2026 05:48:17.123` */
export const CLF_DATE = `${separated('%d', '[-/]', '%b', '%ExY')}[ :]?${TIME}${POINT}(?: %z)?`;

/**
 * The dates that are looked for where a filter does not say which, in fail2ban 1.0.2's order (server/datedetector.py). The texts
 * are its own, to the letter: fail2ban-regex prints them, and filters are compared by what it prints.
 */
export const DEFAULT_PATTERNS: readonly string[] = [
  ISO_DATE,
  SYSLOG_DATE,
  // Sat Nov 21 2026 05:48:17.123
  `${WEEKDAY}%b %d %ExY ${SHORT_TIME}${POINT}`,
  // 21/11/2026 5:48:17, 21-11-26 05:48:17
  `${separated('%d', '[-/]', '%m', '(?:%ExY|%Exy)')} ${SHORT_TIME}`,
  CLF_DATE,
  // 11/21/2026:05:48:17
  `%m/%d/%ExY:${TIME}`,
  // 11-21-2026 05:48:17.123
  `%m-%d-%ExY ${SHORT_TIME}${POINT}`,
  'EPOCH',
  // A time of day alone.
  `{^LN-BEG}${TIME}`,
  // <11/21/26@05:48:17>
  `^<%m/%d/%Exy@${TIME}>`,
  // 261121  5:48:17
  `%Exy%Exm%Exd  ?${TIME}`,
  // Nov 21, 2026 5:48:17 AM
  '%b %d, %ExY %I:%M:%S %p',
  // Nov-21-26 05:48:17
  `^%b-%d-%Exy ${SHORT_TIME}`,
  // 20261121T054817, 20261121 054817
  `%ExY%Exm%Exd${T_OR_SPACE}%ExH%ExM%ExS${POINT_OR_COMMA}${OFFSET}`,
  // PDT Nov 21 05:48:17
  `(?:%Z )?${SYSLOG_DATE}`,
  // +01:00 Nov 21 05:48:17
  `(?:%z )?${SYSLOG_DATE}`,
  'TAI64N',
];
