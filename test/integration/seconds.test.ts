import t from 'tap';
import { parseSeconds } from '../../src/model/seconds.js';
import { random } from '../dates.js';
import { Oracle } from '../fail2ban.js';

const PIECES =
  '1 2 10 20 0 01 .5 1.5 5. d h m s w mo y mon min minutes Hours q + - * / ( ) e e-2 1d 2h 30m 1.5y da wee yea hou'.split(
    ' ',
  );

/** What fail2ban reads as `86400.5*3600`, because it replaces text: nobody means that. */
const FUSED = /[a-z]\.\d/i;

const secondsOf = (text: string): number | null => {
  try {
    return parseSeconds(text);
  } catch {
    return null;
  }
};

const isSame = (ours: number | null, theirs: number | null): boolean =>
  ours === theirs || (ours !== null && theirs !== null && Math.abs(ours - theirs) <= 1e-9 * Math.abs(theirs));

t.test('put together at random, they mean what fail2ban takes them for, or nothing', async (t) => {
  const oracle = new Oracle('seconds.py');
  t.teardown(() => oracle.close());
  const below = random(7);
  const pieces = [...PIECES, ...Array<string>(6).fill(' '), '  ', '\t'];
  const texts = Array.from({ length: 50_000 }, () =>
    Array.from({ length: 1 + below(7) }, () => pieces[below(pieces.length)]).join(''),
  ).filter((text) => !FUSED.test(text) && !/\*\s*\*|\/\//.test(text));
  const theirs = (await oracle.ask(texts)) as (number | null)[];
  const differences = texts.flatMap((text, index) => {
    const [a, b] = [secondsOf(text), theirs[index] ?? null];
    return isSame(a, b) ? [] : [[text, a, b]];
  });
  t.strictSame(differences.slice(0, 5), []);
  t.ok(theirs.filter((seconds) => seconds !== null).length > 5000, 'many of them mean something');
});
