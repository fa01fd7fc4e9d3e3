import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadFilter } from '../../src/fail2ban/filter.js';
import { Filter, type Hit } from '../../src/filters/filter.js';
import { Prefix } from '../../src/model/prefix.js';
import { CONFIGURATION, ROOT } from '../fail2ban.js';
import { NO_GROUPS, type Sample, samplesOf } from './corpus.js';

const TESTS = join(ROOT, 'usr/lib/python3/dist-packages/fail2ban/tests');
const LOGS = join(TESTS, 'files/logs');

/** fail2ban's tests live at noon of August 14, 2005, in Zurich. */
const NOW = 1_124_013_600_000;
const ZONE = 'Europe/Zurich';
/** But they take dates of the years in which they are run. */
const YEARS = { first: 1990, last: 2029 };

/** A sample whose outcome differs, and why. Nothing else may differ, and these must. */
const DIFFERENCES: Readonly<Record<string, string>> = {};

let evaluations = 0;

class Runner {
  readonly #directory: string;
  readonly #name: string;
  readonly #filters = new Map<string, Filter>();
  readonly #used = new Map<string, Set<number>>();

  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** What is wrong with the outcome of a sample; undefined if it is as fail2ban expects it. */
  judge(sample: Sample): string | undefined {
    evaluations++;
    const filter = this.#filterOf(sample);
    const given = sample.parameters.logtype === 'journal' ? NOW : undefined;
    const hits = filter.match(sample.line, /^[\0-\x7f]*$/.test(sample.line), given);
    const used = this.#used.get(sample.set) as Set<number>;
    for (const { regex } of hits) used.add(regex);
    const failures = hits.filter(({ identity, finding }) => identity && !finding.isNoFailure);
    if (failures.length > 0 !== (sample.expected.match ?? false)) return `${failures.length} failures`;
    if (failures.length > 1) return 'several expressions matched';
    return failures[0] && difference(failures[0], sample);
  }

  /** Expressions that no sample hit, by their text: the same one may be in several sets. */
  unused(): string[] {
    const texts = (isUsed: boolean): string[] =>
      [...this.#filters].flatMap(([set, { expressions }]) =>
        expressions.failregex
          .filter(({ index }) => this.#used.get(set)?.has(index) === isUsed)
          .map(({ python }) => python),
      );
    const used = new Set(texts(true));
    return texts(false).filter((python) => !used.has(python));
  }

  #filterOf({ set, parameters }: Sample): Filter {
    const known = this.#filters.get(set);
    if (known) return known;
    const definition = loadFilter(this.#name, { directories: [this.#directory], parameters });
    const filter = new Filter(definition, { now: () => NOW, zone: ZONE, years: YEARS, everyRegex: true });
    this.#filters.set(set, filter);
    this.#used.set(set, new Set());
    return filter;
  }
}

function difference(hit: Hit, { expected }: Sample): string | undefined {
  for (const [name, wanted] of Object.entries(expected)) {
    if (NO_GROUPS.has(name)) continue;
    const found = foundIn(hit, name);
    if (!equals(found, wanted)) return `${name} is ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`;
  }
  if (typeof expected.time !== 'string' || hit.time === undefined) return undefined;
  const time = zurich(hit.time);
  const wanted = expected.time.slice(0, 19).replace(/-(\d)T/, '-0$1T');
  return time === wanted ? undefined : `time is ${time}, expected ${expected.time}`;
}

function foundIn({ identity, finding }: Hit, name: string): unknown {
  if (name === 'users') return [...(finding.users ?? [])].sort();
  const group = finding.groups[name];
  if (group !== undefined) return group;
  if (name === 'host') return identity?.text;
  return name === 'attempts' ? finding.matches.length : undefined;
}

function equals(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) return JSON.stringify(found) === JSON.stringify([...wanted].sort());
  if (found === undefined) return wanted === null;
  // An IPv6 address may be written in several ways.
  const canonical = (value: unknown): string => Prefix.tryParse(String(value))?.text ?? String(value);
  return found === wanted || canonical(found) === canonical(wanted);
}

const FORMAT = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' });
const zurich = (time: number): string => FORMAT.format(time).replace(' ', 'T');

function judgeAll(t: Test, directory: string, names: readonly string[]): void {
  for (const name of names) {
    t.test(name, async (t) => {
      const runner = new Runner(directory, name);
      for (const sample of samplesOf(LOGS, name)) {
        const key = `${sample.place} ${sample.set}`;
        const wrong = runner.judge(sample);
        t.equal(Boolean(wrong), key in DIFFERENCES, `${key}: ${wrong ?? 'as expected'}`);
      }
      t.same(runner.unused(), [], 'every expression has a sample');
    });
  }
}

const filtersIn = (directory: string, pick: (name: string) => boolean): string[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith('.conf'))
    .map((file) => file.slice(0, -'.conf'.length))
    .filter(pick);

const stock = filtersIn(join(CONFIGURATION, 'filter.d'), (name) => !name.endsWith('common'));
const extra = filtersIn(join(TESTS, 'config/filter.d'), (name) => name.startsWith('zzz-'));

t.test("fail2ban's sample logs, with every filter and option set", async (t) => {
  t.ok(stock.length > 80, `${stock.length} filters`);
  judgeAll(t, join(CONFIGURATION, 'filter.d'), stock);
  // They include a file that is seven folders up and in `config`, where Debian's package does not have it.
  const folder = t.testdir({ config: t.fixture('symlink', CONFIGURATION) });
  const tests = join(folder, 'a/b/c/fail2ban/tests/config/filter.d');
  cpSync(join(TESTS, 'config/filter.d'), tests, { recursive: true });
  judgeAll(t, tests, extra);
});

t.teardown(() => process.stderr.write(`corpus: ${evaluations} evaluations\n`));
