import t from 'tap';
import { liftSince, spare } from '../../../src/daemon/spare.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';
import { ban } from '../../jail.js';

const p = Prefix.parse;

function world() {
  const ledger = Ledger.open(':memory:');
  const rewritten: string[] = [];
  let lifted = 0;
  const enforcement = {
    enforce: async (verdicts: readonly Verdict[]) => {
      ledger.record(verdicts);
      return [];
    },
    rewrite: async (prefixes: readonly Prefix[]) => rewritten.push(...prefixes.map(String)),
  };
  const run = async (added: readonly string[], removed: readonly string[]): Promise<number> => {
    lifted = 0;
    const told = (count: number): void => {
      lifted += count;
    };
    await spare({ added: added.map(p), removed: removed.map(p) }, { ledger, enforcement, lifted: told });
    return lifted;
  };
  return { ledger, rewritten, run, enforcement };
}

t.test('bans that a new rule covers, or that contain it, are lifted, of every jail', async (t) => {
  const { ledger, run } = world();
  ledger.record([
    ...[ban('192.0.2.7'), ban('192.0.2.7', 'other'), ban('192.0.2.0/24'), ban('2001:db8::1')],
    ...Array.from({ length: 2500 }, (_, index) => ban(`10.0.${index >> 8}.${index & 255}`)),
  ]);
  t.equal(await run(['192.0.2.7', '10.0.1.0/24'], []), 3 + 256);
  t.equal(ledger.count(), 1 + 2500 - 256);
  t.equal(await run([], []), 0);
});

t.test('what a rule covered that is gone is written again, unless another one covers it', async (t) => {
  const { ledger, rewritten, run } = world();
  ledger.record([ban('192.0.2.7'), ban('192.0.2.8'), ban('192.0.3.1')]);
  t.equal(await run(['192.0.2.8'], ['192.0.2.0/24']), 1);
  t.same(rewritten, ['192.0.2.7']);
});

t.test('what some jails have banned since a row', async (t) => {
  const { ledger, enforcement } = world();
  ledger.record([ban('192.0.2.1', 'a'), ban('192.0.2.4', 'c')]);
  const { last } = ledger.range;
  ledger.record([
    ban('192.0.2.1', 'a'),
    ban('192.0.2.2', 'a'),
    ban('192.0.2.2', 'b'),
    ban('192.0.2.3', 'c'),
    ban('192.0.2.4', 'a'),
  ]);
  t.equal(await liftSince([], 0, { ledger, enforcement }), 0);
  t.equal(await liftSince(['a', 'c'], last, { ledger, enforcement }), 3);
  t.same(
    [...ledger.bans()].flat().map(({ prefix, jail }) => `${prefix} ${jail}`),
    ['192.0.2.1 a', '192.0.2.4 c', '192.0.2.2 b'],
  );
});
