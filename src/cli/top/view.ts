import type { Top } from '../../control/top.js';
import { formatDuration } from '../../model/duration.js';
import { printable } from '../../model/printable.js';
import type { Style } from '../style.js';
import { table } from '../table.js';

/** Rows of each part at most. */
export interface Room {
  readonly busiest: number;
  readonly newest: number;
  readonly jails: number;
  /** Characters of a line. */
  readonly width: number;
}

/** Lines that are no rows: three of totals, and an empty one, a title and a head for each of three parts. */
const FIXED = 3 + 3 * 3;

/** Of a terminal of so many lines. */
export function roomOf(rows: number, width: number, jails: number): Room {
  const left = Math.max(3, rows - FIXED);
  const ofJails = Math.min(Math.max(1, jails), Math.max(1, Math.floor(left / 4)));
  const newest = Math.max(1, Math.floor((left - ofJails) / 3));
  return { jails: ofJails, newest, busiest: Math.max(1, left - ofJails - newest), width };
}

/** One look, as lines of text. @param before the look before, whom the jails' lines and failures a second are counted from. */
export function linesOf(top: Top, before: Top | undefined, room: Room, style: Style): string[] {
  const parts: [string, string[][], number, readonly ('left' | 'right')[]][] = [
    ['busiest', busiestRows(top), room.busiest, ['left', 'right', 'right', 'right']],
    ['jails', jailRows(top, before), room.jails, ['left', 'right', 'right', 'right', 'right', 'right']],
    ['newest bans', newestRows(top), room.newest, []],
  ];
  const cut = (line: string): string => line.slice(0, room.width);
  return [
    ...totals(top).map(cut),
    ...parts.flatMap(([title, [head = [], ...rows], most, sides]) => {
      const [first = '', ...rest] = table([head, ...rows.slice(0, most)], sides).map((line) => cut(line.trimEnd()));
      return ['', style.strong(cut(title)), style.faint(first), ...rest];
    }),
  ];
}

function totals({ time, rate, dropped, bans, elements, looked, seconds }: Top): string[] {
  const now = rate ? `${count(rate.packets)} packets/s, ${bytes(rate.bytes)}/s; ` : '';
  const within = seconds === null ? '' : ` within ${formatDuration(Math.round(seconds * 10) * 100)}`;
  return [
    `dropset   ${clock(time)}${within}`,
    `dropped   ${now}${dropped.packets} packets, ${bytes(dropped.bytes)} in all`,
    `bans      ${bans}; elements in the kernel: ${elements ?? 'unknown before kernel 6.17'}; looked at: ${looked}`,
  ];
}

const busiestRows = ({ busiest }: Top): string[][] => [
  ['ADDRESS', 'PACKETS/S', 'PACKETS', 'BYTES', 'BANNED BY', 'UNTIL'],
  ...busiest.map(({ address, rate, packets, bytes: size, bans }) => [
    address,
    rate === null ? '-' : count(rate),
    String(packets),
    bytes(size),
    printable(bans.map(({ jail }) => jail).join(', ')) || '-',
    bans.length === 0 ? '-' : latest(bans.map(({ until }) => until)),
  ]),
];

function jailRows({ jails, time }: Top, before: Top | undefined): string[][] {
  const seconds = before ? (Date.parse(time) - Date.parse(before.time)) / 1000 : 0;
  const rate = (now: number, then: number | undefined): string =>
    then === undefined || seconds <= 0 ? '-' : count(Math.max(0, now - then) / seconds);
  return [
    ['JAIL', 'LINES/S', 'FAILURES/S', 'LINES', 'FAILURES', 'BANS'],
    ...jails.map(({ name, lines, failures, bans }) => {
      const then = before?.jails.find((one) => one.name === name);
      return [name, rate(lines, then?.lines), rate(failures, then?.failures), ...[lines, failures, bans].map(String)];
    }),
  ];
}

const newestRows = ({ newest }: Top): string[][] => [
  ['SINCE', 'ADDRESS', 'JAIL', 'UNTIL', 'REASON'],
  ...newest.map(({ since, address, jail, until, reason }) => [
    clock(since),
    address,
    printable(jail),
    until === null ? 'never' : clock(until),
    printable(reason),
  ]),
];

/** An element stands until the last of its bans ends. */
function latest(untils: readonly (string | null)[]): string {
  const ends = untils.filter((until) => until !== null).toSorted();
  return ends.length < untils.length ? 'never' : clock(ends.at(-1) as string);
}

const clock = (iso: string): string => iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');

const count = (number: number): string => (number < 10 && number > 0 ? number.toFixed(1) : String(Math.round(number)));

/** SI, as `ip -s -h` has it. */
function bytes(number: number): string {
  if (number < 1000) return `${Math.round(number)} B`;
  const power = Math.min(4, Math.floor(Math.log10(number) / 3));
  return `${(number / 1000 ** power).toFixed(1)} ${['', 'k', 'M', 'G', 'T'][power]}B`;
}
