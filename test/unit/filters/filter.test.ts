import t from 'tap';
import type { Compiled } from '../../../src/filters/compiled.js';
import { type Attempt, Filter } from '../../../src/filters/filter.js';
import type { FilterOptions } from '../../../src/filters/options.js';
import { definitionOf, type Written } from '../../filter-definition.js';

/** 2026-11-21 06:00:00 UTC */
const NOW = Date.UTC(2026, 10, 21, 6);
const DATE = '2026-11-21 05:59:30';

function filterOf(written: Written, options: Partial<FilterOptions> = {}): Filter {
  return new Filter(definitionOf(written), { now: () => NOW, zone: 'UTC', ...options });
}

/** A hit in few words: the number of the regex, and whom it blames. */
function hits(filter: Filter, line: string, skip?: Uint8Array): string[] {
  const found = filter.match(line, /^[\0-\x7f]*$/.test(line), undefined, skip);
  return found.map(({ regex, identity }) => `${regex} ${identity?.text ?? 'somebody'}`);
}

t.test('a hit: which regex, who, when, and the line', async (t) => {
  const filter = filterOf({ failregex: ['^ no <HOST>', '^ bad <HOST>$'] });
  const [hit, ...others] = filter.match(`${DATE} bad 192.0.2.7`, true);
  t.same(others, []);
  t.match(hit, { regex: 1, identity: { text: '192.0.2.7' }, time: NOW - 30_000 });
  t.same(hit?.finding.matches, [`${DATE} bad 192.0.2.7`]);
  t.same(filter.match(`${DATE} good 192.0.2.7`, true), []);
});

t.test('text ends with a newline, before which it may end too', async (t) => {
  for (const failregex of ['<HOST>$', '<HOST>\\s*$', '<HOST>\\s$', '<HOST>\\n', '<HOST>[^x]$'])
    t.same(hits(filterOf({ failregex: [failregex] }), '192.0.2.7'), ['0 192.0.2.7'], failregex);
});

t.test('the time that a source gives', async (t) => {
  const filter = filterOf({ failregex: ['^sshd: <HOST>'] });
  t.match(filter.match('sshd: 192.0.2.7', true, NOW - 5), [{ time: NOW - 5 }]);
});

t.test('the first regex that hits wins; a tool is told of all', async (t) => {
  const failregex = ['x <HOST>', 'z <HOST>', '<HOST>$'];
  t.same(hits(filterOf({ failregex }), 'x 192.0.2.7'), ['0 192.0.2.7']);
  t.same(hits(filterOf({ failregex }, { everyRegex: true }), 'x 192.0.2.7'), ['0 192.0.2.7', '2 192.0.2.7']);
});

t.test('expressions that are known not to match are spared', async (t) => {
  const filter = filterOf({ failregex: ['x <ADDR>', '<ADDR>'] });
  t.same(hits(filter, 'x 192.0.2.7', Uint8Array.of(1, 0)), ['1 192.0.2.7']);
  t.same(hits(filter, 'x 192.0.2.7', Uint8Array.of(1, 1)), []);
});

t.test('prefregex decides whether to search, and where', async (t) => {
  const filter = filterOf({ prefregex: '^ sshd: <F-CONTENT>.*</F-CONTENT> end$', failregex: ['^bad <HOST>$'] });
  t.same(hits(filter, `${DATE} sshd: bad 192.0.2.7 end`), ['0 192.0.2.7']);
  t.same(hits(filter, `${DATE} su: bad 192.0.2.7 end`), []);
  t.same(hits(filter, `${DATE} sshd: good 192.0.2.7 end`), []);
});

t.test('without content the whole line is searched', async (t) => {
  for (const prefregex of ['^ sshd', '^ sshd<F-CONTENT></F-CONTENT>'])
    t.same(hits(filterOf({ prefregex, failregex: ['^ sshd <HOST>'] }), `${DATE} sshd 192.0.2.7`), ['0 192.0.2.7']);
});

t.test('prefregex may name who it is', async (t) => {
  const filter = filterOf({ prefregex: '^ <HOST> <F-CONTENT>.*</F-CONTENT>', failregex: ['^bad$'] });
  t.same(hits(filter, `${DATE} 192.0.2.7 bad`), ['0 192.0.2.7']);
});

t.test('names', async (t) => {
  const failregex = ['from <HOST>'];
  t.match(filterOf({ failregex }).match('from host.example', true), [
    { identity: { text: 'host.example', isName: true } },
  ]);
  t.same(filterOf({ failregex }, { resolvesNames: false }).match('from host.example', true), []);
});

t.test('ignoreregex takes a hit back', async (t) => {
  const filter = filterOf({ failregex: ['bad <HOST>'], ignoreregex: ['never', 'not'] });
  t.same(hits(filter, 'bad 192.0.2.7 but not'), []);
  t.same(hits(filter, 'good but not'), []);
  t.same(hits(filter, 'bad 192.0.2.7'), ['0 192.0.2.7']);
  t.equal(filter.counts.ignored, 1, 'only what was a hit counts');
});

t.test('few ignoreregex are asked before many failregex, and see what prefregex cuts off', async (t) => {
  const prefregex = '<F-CONTENT>bad.*</F-CONTENT>';
  const ignoreregex = ['^ not'];
  const few = filterOf({ prefregex, failregex: ['a <HOST>', 'b <HOST>', 'c <HOST>'], ignoreregex });
  t.same(hits(few, `${DATE} not bad a 192.0.2.7`), ['0 192.0.2.7']);
  const many = ['a <HOST>', 'b <HOST>', 'c <HOST>', 'd <HOST>'];
  t.same(hits(filterOf({ prefregex, failregex: many, ignoreregex }), `${DATE} not bad a 192.0.2.7`), []);
});

t.test('a hit of nobody knows when does not count, unless a tool asks', async (t) => {
  const failregex = ['bad <HOST>'];
  t.match(filterOf({ failregex }).match('bad 192.0.2.7', true), [{ time: undefined }]);
  const filter = filterOf({ failregex }, { findtime: 60_000 });
  t.same(filter.match('bad 192.0.2.7', true), []);
  filter.isLive = true;
  t.match(filter.match('bad 192.0.2.7', true), [{ time: NOW }]);
});

t.test('lines that are too old are counted, and not judged', async (t) => {
  const filter = filterOf({ failregex: ['bad <HOST>'] }, { findtime: 60_000 });
  t.same(hits(filter, '2026-11-21 05:00:00 bad 192.0.2.7'), []);
  filter.isLive = true;
  t.same(hits(filter, '2026-11-21 05:00:00 bad 192.0.2.7'), ['0 192.0.2.7']);
  t.same(filter.counts, { ignored: 0, outdated: 1, skewed: 1 });
});

const SESSION: Written = {
  prefregex: '^ <F-MLFID>s\\d</F-MLFID> <F-CONTENT>.*</F-CONTENT>',
  failregex: ['^failed', '^<F-NOFAIL>from</F-NOFAIL> <IP4>', '<IP4>'],
};

t.test('a failure and its sender in two lines of a session', async (t) => {
  const filter = filterOf(SESSION);
  t.same(hits(filter, `${DATE} s1 failed`), ['0 somebody']);
  t.same(hits(filter, `${DATE} s2 from 192.0.2.8`), []);
  const [hit] = filter.match(`${DATE} s1 from 192.0.2.7`, true);
  t.match(hit, { regex: 1, identity: { text: '192.0.2.7' } });
  t.same(hit?.finding.matches, [`${DATE} s1 failed`, `${DATE} s1 from 192.0.2.7`]);
});

t.test('a line without failure ends the search; a tool is told of it', async (t) => {
  t.same(hits(filterOf(SESSION), `${DATE} s1 from 192.0.2.7`), []);
  t.same(hits(filterOf(SESSION, { everyHit: true }), `${DATE} s1 from 192.0.2.7`), ['1 192.0.2.7']);
  t.same(hits(filterOf(SESSION, { everyRegex: true }), `${DATE} s1 from 192.0.2.7`), ['1 192.0.2.7', '2 192.0.2.7']);
});

t.test('what a tool was told stays as it was', async (t) => {
  for (const options of [{ everyHit: true }, { everyRegex: true }]) {
    const filter = filterOf(SESSION, options);
    const [hit] = filter.match(`${DATE} s1 failed`, true);
    filter.match(`${DATE} s1 from 192.0.2.7`, true);
    t.match(hit?.finding, { isPending: true, groups: { ip4: undefined } });
  }
});

const WINDOW: Written = { maxlines: 3, failregex: ['^ begin (\\w+)\\n(?:.*\\n)*? end \\1 <HOST>$', '^ ü <HOST>$'] };

t.test('a match may span several lines', async (t) => {
  const filter = filterOf(WINDOW);
  t.same(hits(filter, `${DATE} begin x`), []);
  t.same(hits(filter, `${DATE} other`), []);
  const [hit] = filter.match(`${DATE} end x 192.0.2.7`, true);
  t.match(hit, { regex: 0, identity: { text: '192.0.2.7' } });
  t.equal(hit?.finding.matches.length, 3);
  t.same(hits(filter, `${DATE} end x 192.0.2.7`), [], 'its lines are used up');
});

t.test('lines that are further apart than that do not match', async (t) => {
  const filter = filterOf(WINDOW);
  for (const text of ['begin x', 'other', 'other']) hits(filter, `${DATE} ${text}`);
  t.same(hits(filter, `${DATE} end x 192.0.2.7`), []);
});

t.test('lines without a trigger are looked at when one comes', async (t) => {
  const filter = filterOf(WINDOW);
  const [none, some] = [Uint8Array.of(1, 1), Uint8Array.of(0, 1)];
  t.same(hits(filter, `${DATE} other`, none), []);
  t.same(hits(filter, `${DATE} begin x`, none), []);
  const [hit] = filter.match(`${DATE} end x 192.0.2.7`, true, undefined, some);
  t.same(hit?.finding.matches, [`${DATE} begin x`, `${DATE} end x 192.0.2.7`]);
  t.same(hits(filter, `${DATE} other`, none), [], 'and those after it');
});

t.test('an ASCII line may complete what others began', async (t) => {
  const filter = filterOf({ maxlines: 2, failregex: ['<F-USER>\\w+</F-USER>\\n end <HOST>'] });
  filter.match(`${DATE} jörg`, false);
  t.match(filter.match(`${DATE} end 192.0.2.7`, true), [{ finding: { groups: { user: 'jörg' } } }]);
});

t.test('ignoreregex takes back several lines, which are used up all the same', async (t) => {
  const filter = filterOf({ ...WINDOW, ignoreregex: ['other'] });
  for (const text of ['begin x', 'other', 'end x 192.0.2.7']) t.same(hits(filter, `${DATE} ${text}`), []);
  t.equal(filter.counts.ignored, 1);
  t.same(hits(filter, `${DATE} end x 192.0.2.7`), []);
});

t.test('a line that was interrupted, and is judged once more, is one line', async (t) => {
  let isArmed = false;
  const attempt: Attempt = {
    get compiled() {
      return undefined;
    },
    // The work is left where it is, as by a guard.
    set compiled(compiled) {
      if (isArmed && compiled && compiled !== 'date') throw new Error('interrupted');
    },
  };
  const filter = filterOf({ maxlines: 3, failregex: ['begin(?:\\n.*)*end <HOST>'] }, { attempt });
  filter.match('begin', true);
  isArmed = true;
  t.throws(() => filter.match('other', true), /interrupted/);
  isArmed = false;
  filter.match('other', true);
  t.same(filter.match('end 192.0.2.7', true)[0]?.finding.matches, ['begin', 'other', 'end 192.0.2.7']);
});

t.test('several lines of nobody knows when', async (t) => {
  const filter = filterOf({ maxlines: 2, failregex: ['begin\\nend <HOST>'] }, { findtime: 60_000 });
  t.same(hits(filter, 'begin'), []);
  t.same(hits(filter, 'end 192.0.2.7'), []);
});

t.test('every regex, of several lines', async (t) => {
  const filter = filterOf({ maxlines: 2, failregex: ['a <HOST>', 'b\\n.*<HOST>', '<HOST>'] }, { everyRegex: true });
  hits(filter, `${DATE} b`);
  t.same(hits(filter, `${DATE} a 192.0.2.7`), ['0 192.0.2.7'], 'a line counts once');
});

t.test('says what it searches for, and goes on without it', async (t) => {
  const attempt: Attempt = { compiled: undefined };
  const filter = filterOf({ failregex: ['bad <ADDR>', '<ADDR>'] }, { attempt });
  t.same(hits(filter, `${DATE} bad 192.0.2.7`), ['0 192.0.2.7']);
  t.equal(attempt.compiled, undefined, 'nothing between lines');
  filter.setAside(filter.expressions.failregex[0] as Compiled, NOW + 1);
  t.same(hits(filter, `${DATE} bad 192.0.2.7`), ['1 192.0.2.7']);
});

t.test('goes on without dates', async (t) => {
  const filter = filterOf({ failregex: ['^ bad <HOST>', `^${DATE} bad <HOST>`] });
  t.same(hits(filter, `${DATE} bad 192.0.2.7`), ['0 192.0.2.7']);
  filter.setAside('date', NOW + 1);
  t.same(hits(filter, `${DATE} bad 192.0.2.7`), ['1 192.0.2.7']);
});

t.test('tries again what was interrupted, by itself', async (t) => {
  const filter = filterOf({ failregex: ['bad <HOST>'] });
  hits(filter, `${DATE} bad 192.0.2.7`);
  t.doesNotThrow(() => filter.retry('date'));
  t.doesNotThrow(() => filter.retry(filter.expressions.failregex[0] as Compiled));
  t.same(filter.counts, { ignored: 0, outdated: 0, skewed: 0 }, 'nothing comes of it');
});

t.test('to warm up changes nothing', async (t) => {
  for (const prefregex of ['.*', undefined]) {
    const filter = filterOf({ ...(prefregex && { prefregex }), failregex: ['bad <HOST>'], ignoreregex: ['\\n'] });
    filter.warmUp('ascii');
    filter.warmUp('other');
    t.same(filter.counts, { ignored: 0, outdated: 0, skewed: 0 });
  }
});

t.test('a filter that cannot be used', async (t) => {
  t.throws(() => filterOf({ failregex: ['('] }), { code: 'filter', message: /^x\.conf:1: failregex/ });
  t.throws(() => filterOf({ failregex: ['<HOST>'], datepattern: '(' }), { code: 'filter' });
});
