import t from 'tap';
import {
  epochPatternTemplate,
  epochTemplate,
  hasEpochToken,
  patternTemplate,
  tai64nTemplate,
} from '../../../src/dates/kinds.js';
import { LocalZone } from '../../../src/dates/local-zone.js';
import { DateMatch } from '../../../src/dates/match.js';
import { DateTemplate, type TemplateSource } from '../../../src/dates/template.js';

const YEARS = { first: 2000, last: 2029 };
const setting = { now: () => Date.parse('2026-11-21T06:00:00Z'), zone: new LocalZone('UTC') };

/** What is cut out of a line, and its time. */
function find(source: TemplateSource, line: string): readonly [string, number | undefined] | undefined {
  const template = new DateTemplate(source);
  const found = template.search(line, true);
  const match = found && DateMatch.of(found, line, template, setting);
  return match && [line.slice(match.start, match.end), match.time()];
}

t.test('patterns', async (t) => {
  const time = Date.parse('2026-11-20T00:00:00Z');
  t.strictSame(find(patternTemplate('%Y-%m-%d', YEARS), 'x 2026-11-20'), ['2026-11-20', time]);
  t.strictSame(find(patternTemplate('%d %b %Y', YEARS), '20 NOV 2026'), ['20 NOV 2026', time]);
  t.equal(find(patternTemplate('%Y-%m-%d', YEARS), 'x2026-11-20'), undefined);
  t.strictSame(find(patternTemplate('{UNB}%Y-%m-%d', YEARS), 'x2026-11-20'), ['2026-11-20', time]);
  t.equal(find(patternTemplate('{^LN-BEG}%Y-%m-%d', YEARS), 'x 2026-11-20'), undefined);
  t.strictSame(find(patternTemplate('{^LN-BEG}%Y-%m-%d', YEARS), '[[2026-11-20'), ['2026-11-20', time]);
  t.strictSame(find(patternTemplate('%Y-%m-%d', YEARS), '2026-02-30'), ['2026-02-30', undefined]);
  t.strictSame(find(patternTemplate('%Y%Z', YEARS), '2026XYZ'), ['2026XYZ', undefined]);
  t.strictSame(find(patternTemplate('{UNB}^', YEARS), 'x'), ['', undefined]);
});

t.test('names', async (t) => {
  t.equal(patternTemplate('{^LN-BEG}%Y', YEARS).name, '{^LN-BEG}Year');
  t.equal(patternTemplate('{^LN-BEG}^%Y', YEARS).name, '^Year', 'a pattern that begins the line by itself');
  t.equal(patternTemplate('{UNB}%Y', YEARS).name, 'Year');
  t.equal(epochTemplate(false, true).name, '{^LN-BEG}Epoch');
  t.equal(epochTemplate(true, false).name, 'LongEpoch');
  t.equal(epochPatternTemplate('x{EPOCH}', false).name, 'x{EPOCH}');
  t.equal(tai64nTemplate(true).name, '{^LN-BEG}TAI64N');
});

t.test('seconds since the epoch', async (t) => {
  const anywhere = epochTemplate(false, false);
  t.strictSame(find(anywhere, '1763700000 x'), ['1763700000', 1_763_700_000_000]);
  t.strictSame(find(anywhere, '1763700000.125 x'), ['1763700000.125', 1_763_700_000_125]);
  t.strictSame(find(anywhere, '[1763700000] x'), ['1763700000', 1_763_700_000_000]);
  t.strictSame(find(anywhere, 'x audit(1763700000.125:42): y'), ['1763700000.125', 1_763_700_000_125]);
  for (const line of ['x 1763700000', '(1763700000', '176370000', '176370000000', '1763700000x']) {
    t.equal(find(anywhere, line), undefined, line);
  }
  t.strictSame(find(epochTemplate(false, true), '#1763700000 x'), ['1763700000', 1_763_700_000_000]);
});

t.test('the long form goes on with milliseconds or microseconds', async (t) => {
  const long = epochTemplate(true, true);
  t.strictSame(find(long, '1763700000'), ['1763700000', 1_763_700_000_000]);
  t.strictSame(find(long, '1763700000125'), ['1763700000125', 1_763_700_000_125]);
  t.strictSame(find(long, '1763700000125.5'), ['1763700000125.5', 1_763_700_000_125.5]);
  t.strictSame(find(long, '1763700000125125'), ['1763700000125125', 1_763_700_000_125.125]);
});

t.test('an epoch in a pattern', async (t) => {
  t.ok(hasEpochToken('x {epoch}'));
  t.notOk(hasEpochToken('x \\{EPOCH}'));
  t.strictSame(find(epochPatternTemplate('t={EPOCH};', false), 'a t=1763700000; b'), [
    't=1763700000;',
    1_763_700_000_000,
  ]);
  t.strictSame(find(epochPatternTemplate('(t)={EPOCH}', false), 't=1763700000'), ['t=1763700000', undefined]);
  t.strictSame(find(epochPatternTemplate('x|(y)?{LEPOCH}', true), 'x'), ['x', undefined]);
});

t.test('TAI64N labels', async (t) => {
  const label = '@400000006920097100000000';
  t.strictSame(find(tai64nTemplate(false), `x ${label} y`), [label, 0x69200971 * 1000]);
  t.equal(find(tai64nTemplate(true), `x ${label} y`), undefined);
  t.strictSame(find(tai64nTemplate(true), `@7fffffffffffffff00000000`)?.[1], undefined, 'beyond the end of Date');
});
