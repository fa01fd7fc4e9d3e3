import { formatDuration } from '../../model/duration.js';
import { printable } from '../../model/printable.js';
import { formatTime } from '../../model/time.js';
import { isSuspect, type ReplayedBan } from '../../replay/bans.js';
import type { Style } from '../style.js';
import { table } from '../table.js';
import type { Given } from './options.js';
import { bansOf, type JailResult, jailResults, type Results } from './results.js';

/** Bans that a table is made of at a time: its columns are as wide as they need. */
const PAGE = 1000;

/** The results for people: bans in the order in which they came, then jails, then everything together. */
export function* textOf(results: Results, { onlySuspects }: Given, style: Style): Generator<string> {
  const bans = bansOf(results, onlySuspects);
  for (let from = 0; from < bans.length; from += PAGE) yield lines(banTable(bans.slice(from, from + PAGE), style));
  if (bans.length === 0) yield `${onlySuspects ? 'no ban is suspect' : 'nobody would have been banned'}\n`;
  const { left } = results.replay.bans;
  if (left > 0) yield `and ${left} more\n`;
  yield* siegesOf(results, style);
  yield '\n';
  yield lines(jailTable(jailResults(results.replay)));
  yield '\n';
  yield lines([...results.notes.map((note) => `${style.doubtful('note')}: ${printable(note)}`), totalLine(results)]);
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

/** As `2026-01-31 12:00:00Z`. */
const moment = (time: number): string => (formatTime(time) as string).replace('T', ' ').replace(/\.\d+Z$/, 'Z');

function banTable(bans: readonly ReplayedBan[], { doubtful }: Style): string[] {
  const rows = bans.map((ban) => [
    moment(ban.since),
    ban.prefix.text,
    ban.jail,
    ban.since > ban.first ? formatDuration(ban.since - ban.first) : 'at once',
    String(ban.failures),
    ban.until === null ? 'never' : moment(ban.until),
    String(ban.dropped),
    remarks(ban),
  ]);
  const head = ['BANNED', 'ADDRESS', 'JAIL', 'AFTER', 'FAILURES', 'UNTIL', 'DROPPED', ''];
  const [first, ...others] = table([head, ...rows], ['left', 'left', 'left', 'right', 'right', 'left', 'right']);
  return [
    first as string,
    ...others.map((row, index) => (isSuspect(bans[index] as ReplayedBan) ? doubtful(row) : row)),
  ];
}

function remarks({ never, since, loginBefore, loginAfter }: ReplayedBan): string {
  const before = loginBefore === undefined ? [] : [`logged in ${span(since - loginBefore)} before`];
  const after = loginAfter === undefined ? [] : [`logged in ${span(loginAfter - since)} later`];
  return printable([...(never === undefined ? [] : [`never: ${never}`]), ...before, ...after].join('; '));
}

const span = (milliseconds: number): string => (milliseconds > 0 ? formatDuration(milliseconds) : 'the same second');

function* siegesOf({ replay: { sieges } }: Results, { doubtful }: Style): Generator<string> {
  if (sieges.all.length === 0) return;
  const rows = sieges.all.map(({ jail, user, since, until, bans }) => [
    ...[moment(since), until === null ? 'at the end still' : moment(until), jail],
    ...[user === null ? 'all' : printable(user), String(bans)],
  ]);
  yield '\n';
  const [head, ...all] = table(
    [['SIEGE', 'UNTIL', 'JAIL', 'USER', 'BANS'], ...rows],
    [...Array(4).fill('left'), 'right'],
  );
  yield lines([head as string, ...all.map(doubtful)]);
  if (sieges.left > 0) yield `and ${sieges.left} more\n`;
}

function jailTable(jails: readonly JailResult[]): string[] {
  const rows = jails.map((jail) => [
    jail.name,
    `${jail.maxretry}${jail.counts === 'bans' ? ' bans' : ''} in ${formatDuration(jail.findtime)}`,
    jail.bantime === null ? 'for ever' : formatDuration(jail.bantime),
    ...[jail.lines, jail.failures, jail.addresses, jail.bans, jail.dropped, jail.spared, jail.suspects].map(String),
  ]);
  const head = ['JAIL', 'LIMIT', 'FOR', 'LINES', 'FAILURES', 'ADDRESSES', 'BANS', 'DROPPED', 'NEVER', 'SUSPECT'];
  return table([head, ...rows], ['left', 'left', 'left', ...head.slice(3).map(() => 'right' as const)]);
}

function totalLine({ replay, logs, seconds }: Results): string {
  const { lines: count, bytes, span: written } = replay;
  const rate = (bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(bytes > 1e7 * seconds ? 0 : 1);
  const when = written ? ` of ${moment(written[0])} to ${moment(written[1])}` : '';
  const from = `${logs.length} log${logs.length === 1 ? '' : 's'}`;
  return `${count} lines${when} from ${from}, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s (${rate} MB/s)`;
}
