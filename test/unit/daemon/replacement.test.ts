import t, { type Test } from 'tap';
import { Replacements } from '../../../src/daemon/replacement.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';

const address = (index: number): string => `10.0.${index >> 8}.${index & 255}`;

/** A ledger with so many bans of a list, and one more by hand of each. */
function fresh(t: Test, count: number) {
  const ledger = Ledger.open(':memory:', { clock: () => 0 });
  t.teardown(() => ledger.close());
  const ban = (index: number, jail: string): Verdict => ({
    kind: 'ban',
    ban: { prefix: Prefix.parse(address(index)), jail, reason: '', since: 0, until: null },
  });
  for (const jail of ['list.drop', 'list.other', 'manual']) {
    ledger.record(Array.from({ length: count }, (_, index) => ban(index, jail)));
  }
  const enforcement = { enforce: async (verdicts: readonly Verdict[]) => void ledger.record(verdicts) };
  const replacements = new Replacements({ ledger, enforcement: enforcement as never });
  const left = (jail: string): number => [...ledger.bans()].flat().filter((one) => one.jail === jail).length;
  /** Names the first so many. */
  const replace = async (named: number, shrink = false) => {
    const replacement = replacements.begin('drop');
    for (let index = 0; index < named; index++) replacement.keep(address(index));
    const result = await replacement.finish(shrink);
    replacement.release();
    return result;
  };
  return { replacements, left, replace };
}

t.test('what is no longer named is lifted, of that list alone', async (t) => {
  const { left, replace } = fresh(t, 1200);
  t.same(await replace(1000), { lifted: 200 });
  t.same([left('list.drop'), left('list.other'), left('manual')], [1000, 1200, 1200]);
  t.same(await replace(1000), { lifted: 0 });
});

t.test('a list that has shrunk by more than half is doubted', async (t) => {
  const { left, replace } = fresh(t, 300);
  t.match(await replace(149), {
    lifted: 0,
    kept: /^the list no longer names 151 of 300, more than half: no other ban of list\.drop/,
  });
  t.match(await replace(0), { lifted: 0, kept: /^the list names nobody/ });
  t.equal(left('list.drop'), 300);
  t.same(await replace(150), { lifted: 150 });
  t.same(await replace(50), { lifted: 100 }, 'a few may always go');
  t.same(await replace(0, true), { lifted: 50 });
  t.same([left('list.drop'), left('list.other')], [0, 300]);
});

t.test('what is no address keeps nobody', async (t) => {
  const { replacements, left } = fresh(t, 2);
  const replacement = replacements.begin('drop');
  for (const text of ['x', '', '::ffff:10.0.0.1']) replacement.keep(text);
  t.same(await replacement.finish(false), { lifted: 1 });
  t.equal(left('list.drop'), 1, 'however an address is written');
});

t.test('one list of a source at a time', async (t) => {
  const { replacements } = fresh(t, 0);
  const one = replacements.begin('drop');
  t.throws(() => replacements.begin('drop'), { code: 'busy' });
  replacements.begin('other').release();
  one.release();
  replacements.begin('drop').release();
  t.throws(() => replacements.begin('a b'), { code: 'request' });
});
