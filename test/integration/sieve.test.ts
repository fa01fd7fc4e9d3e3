import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Connection, Switchboard } from '../../src/detection/switchboard.js';
import { loadFilter } from '../../src/fail2ban/filter.js';
import { Filter, type Hit } from '../../src/filters/filter.js';
import { gatesOf } from '../../src/filters/sieve.js';
import type { FilterDefinition } from '../../src/model/definition.js';
import { CONFIGURATION, FAIL2BAN } from '../fail2ban.js';
import { definitionOf } from '../filter-definition.js';
import { Random } from '../random.js';
import { samplesOf } from './corpus.js';

/*
 * The sieve must not change what is found: a line that it holds back, or an expression that it spares, could not have hit.
 * All filters share a scanner here, as jails of one log do, and the scanner sees bytes, with the date where it is.
 */

const LOGS = join(FAIL2BAN, 'fail2ban/tests/files/logs');
const FILTERS = join(CONFIGURATION, 'filter.d');

/** Noon of August 14, 2005, when fail2ban's tests live. */
const NOW = 1_124_013_600_000;
const OPTIONS = { now: () => NOW, zone: 'Europe/Zurich', years: { first: 1990, last: 2029 } };

/** A filter and lines that are made for it. */
interface Track extends Connection {
  readonly title: string;
  /** Is asked without the sieve, and tries every expression. */
  readonly filter: Filter;
  readonly lines: readonly string[];
  /** Whether the source knows the time, so that the lines have no date. */
  readonly isTimed: boolean;
}

const numbers = new Map<string, number>();

const number = (literal: string): number => {
  const known = numbers.get(literal) ?? numbers.size;
  numbers.set(literal, known);
  return known;
};

function trackOf(definition: FilterDefinition, lines: readonly string[], title: string, isTimed = false): Track {
  const wantsAll = definition.maxlines > 1;
  const filter = new Filter(definition, { ...OPTIONS, everyRegex: true });
  const gates = gatesOf(filter.expressions, filter.detector.anchoring, number, wantsAll);
  return { title, filter, lines, isTimed, gates, wantsAll, skip: new Uint8Array(definition.failregex.length) };
}

/** A stock filter, once for each set of options that its samples ask for. */
function stockTracks(name: string): Track[] {
  const samples = [...samplesOf(LOGS, name)];
  return [...new Set(samples.map(({ set }) => set))].map((set) => {
    const parameters = JSON.parse(set) as Record<string, string>;
    const definition = loadFilter(name, { directories: [FILTERS], parameters });
    const lines = samples.filter((sample) => sample.set === set).map(({ line }) => line);
    return trackOf(definition, lines, `${name} ${set}`, parameters.logtype === 'journal');
  });
}

/** A filter that is written here, for what the stock filters have little of. */
function writtenTrack(options: Parameters<typeof definitionOf>[0], messages: readonly string[]): Track {
  const lines = messages.map((message, second) => `Aug 14 11:58:0${second} ${message}`);
  return trackOf(definitionOf(options), lines, options.failregex.join(' | '));
}

const tracks = [
  ...readdirSync(FILTERS)
    .filter((file) => file.endsWith('.conf') && !file.endsWith('common.conf'))
    .flatMap((file) => stockTracks(file.slice(0, -'.conf'.length))),
  writtenTrack(
    { failregex: ['(?i) kiosk (?:skis|disk)s? from <HOST>$', '(?i:Kiss|sick).* by <HOST>', 'stick.*(?i:kick) <HOST>'] },
    ['KIOSK Skis from 192.0.2.1', 'kiosk disks from 192.0.2.2', 'KISS by 192.0.2.3', 'stick to Kick 192.0.2.4'],
  ),
  writtenTrack(
    {
      prefregex: String.raw`(?i)\bkiosk: <F-CONTENT>.*</F-CONTENT>$`,
      failregex: ['^said <HOST>', '^(?i:asks) <HOST>'],
    },
    ['Kiosk: said 192.0.2.1', 'kiosK: ASKS 192.0.2.2'],
  ),
  writtenTrack(
    { maxlines: 3, failregex: [String.raw`begins? <HOST>(?:\n.*)*? ends`, String.raw`opened\n.*shut <HOST>`] },
    ['begin 192.0.2.1', 'opened', 'shut 192.0.2.2', 'nothing', 'ends'],
  ),
];

const switchboard = new Switchboard(tracks, [...numbers.keys()]);

/** Of filters that look at all lines the sieve says nothing; those of several lines have a test of their own below. */
const sieved = tracks.filter(({ gates, wantsAll }) => gates && !wantsAll);

const isAscii = (line: string): boolean => /^[\0-\x7f]*$/.test(line);

/** The expressions that a filter is asked for, by the number of the line; none for a line that is held back. */
function asked(track: Track, lines: readonly string[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  const { scanner } = switchboard;
  scanner.take(Buffer.from(`${lines.join('\n')}\n`));
  while (scanner.next()) {
    if (!switchboard.filters().includes(tracks.indexOf(track))) continue;
    const regexes = [...track.skip.keys()].filter((regex) => track.skip[regex] === 0);
    found.set(scanner.lines - 1, regexes);
  }
  return found;
}

/** The lines with hits that the sieve holds back, and how many hits there are. */
function judge(track: Track, lines: readonly string[]): { held: string[]; hits: number } {
  const open = asked(track, lines);
  let hits = 0;
  const held = lines.flatMap((line, at) => {
    const found = track.filter.match(line, isAscii(line), track.isTimed ? NOW : undefined);
    hits += found.length;
    return found.flatMap(({ regex }) => (open.get(at)?.includes(regex) ? [] : [`regex ${regex}: ${line}`]));
  });
  return { held, hits };
}

/** Judges `copies` variants of each line of each filter. */
function test(t: Test, title: string, copies: number, variant: (line: string, track: Track) => string): void {
  t.test(title, async (t) => {
    let hits = 0;
    let count = 0;
    for (const track of sieved) {
      const lines = track.lines.flatMap((line) => Array.from({ length: copies }, () => variant(line, track)));
      const outcome = judge(track, lines);
      t.strictSame(outcome.held.slice(0, 3), [], track.title);
      hits += outcome.hits;
      count += lines.length;
    }
    process.stderr.write(`sieve: ${title}: ${hits} hits in ${count} lines\n`);
    t.ok(hits > count / 10, 'enough of the lines hit to tell something');
  });
}

const random = new Random(7);

/** The same line with its date cut out, and put in again elsewhere: in the middle of a word, if it so happens. */
function moved(line: string, { filter }: Track): string {
  const match = filter.detector.match(line);
  if (!match || match.start === match.end) return line;
  const rest = line.slice(0, match.start) + line.slice(match.end);
  const at = random.below(rest.length + 1);
  return rest.slice(0, at) + line.slice(match.start, match.end) + rest.slice(at);
}

/** What may be before a date at the line's begin, letters that are others in another case, and more dates. */
const PIECES = [
  '[',
  '(',
  '<',
  '- ',
  '"',
  ' ',
  ']: ',
  'x',
  '192.0.2.7',
  '2005-08-14 11:58:00',
  'é',
  '\u212a',
  'ſ',
  'İ',
  '٣',
];

/** One to three pieces put in, left out, or in another case. */
function changed(line: string): string {
  let text = line;
  for (let count = 1 + random.below(3); count > 0; count--) {
    const at = random.below(3) === 0 ? 0 : random.below(text.length + 1);
    const end = at + random.below(4);
    const old = text.slice(at, end);
    const between = random.pick([random.pick(PIECES), '', old.toUpperCase(), old.toLowerCase()]);
    text = text.slice(0, at) + between + text.slice(end);
  }
  return text;
}

/** Letters that Python takes for others where case does not count. */
const PARTNERS: Readonly<Record<string, string>> = { k: '\u212a', s: 'ſ', i: 'ı' };

const folded = (line: string): string =>
  line.replace(/[ksi]/gi, (letter) => (random.below(4) === 0 ? (PARTNERS[letter.toLowerCase()] as string) : letter));

t.test('nearly all filters are sieved', async (t) => {
  t.ok(sieved.length > tracks.length * 0.9, `${sieved.length} of ${tracks.length}`);
});

test(t, 'sample logs', 1, (line) => line);
test(t, 'dates anywhere', 12, moved);
test(t, 'changed lines', 12, changed);
test(t, 'changed lines with dates anywhere', 6, (line, track) => moved(changed(line), track));
test(t, 'letters with partners', 4, (line) => (random.below(2) === 0 ? folded(line) : changed(folded(line))));

const told = (hits: readonly Hit[]): object[] =>
  hits.map(({ regex, identity, finding }) => ({ regex, text: identity?.text, matches: finding.matches }));

/** Several of the lines in a row, and sometimes others in between. */
function stream({ lines }: Track, count: number): string[] {
  const found: string[] = [];
  while (found.length < count) {
    const at = random.below(lines.length);
    found.push(...lines.slice(at, at + 1 + random.below(4)));
    for (let others = random.below(random.below(4) === 0 ? 25 : 2); others > 0; others--)
      found.push(random.pick(['Aug 14 11:58:00 nothing', 'nothing é']));
  }
  return found;
}

t.test('filters of several lines find the same, when they are told which lines have a trigger', async (t) => {
  for (const track of tracks.filter(({ wantsAll }) => wantsAll)) {
    const { definition } = track.filter;
    const [all, some] = [new Filter(definition, OPTIONS), new Filter(definition, OPTIONS)];
    const lines = stream(track, 2000);
    const open = asked(track, lines);
    const skip = (at: number): Uint8Array => track.skip.map((_, regex) => (open.get(at)?.includes(regex) ? 0 : 1));
    const expected = lines.map((line) => told(all.match(line, isAscii(line))));
    const found = lines.map((line, at) => told(some.match(line, isAscii(line), undefined, skip(at))));
    const wrong = lines.flatMap((line, at) =>
      JSON.stringify(found[at]) === JSON.stringify(expected[at])
        ? []
        : [{ line, found: found[at], expected: expected[at] }],
    );
    t.strictSame(wrong.slice(0, 3), [], track.title);
    t.ok(expected.flat().length > 20, `${expected.flat().length} hits`);
    t.ok(
      [...open.values()].some((regexes) => regexes.length === 0),
      'not every line has a trigger',
    );
  }
});
