import t from 'tap';
import { bare, bareChanges } from '../../../src/daemon/bare.js';
import { WHOLE } from '../../../src/ledger/share.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const p = Prefix.parse;
const ban = (address: string, until: number | null, scope?: Scope): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail: 'sshd', reason: '', since: 0, until, scope },
});
const unban = (address: string): Verdict => ({ kind: 'unban', prefix: p(address) });
const add = (address: string, until: number | null): Change => ({ verb: 'add', prefix: p(address), until });

t.test('a change for each verdict, as it says', async (t) => {
  const scope = Scope.parse('tcp/22');
  const untold = [ban('192.0.2.1', 5), unban('192.0.2.2'), ban('192.0.2.3', null, scope)];
  t.strictSame(
    bare(untold, WHOLE, () => []),
    {
      changes: [add('192.0.2.1', 5), { verb: 'remove', prefix: p('192.0.2.2') }, { ...add('192.0.2.3', null), scope }],
      untold,
    },
  );
});

t.test('what was folded into a prefix comes a step before', async (t) => {
  const outlasting = ({ prefix }: Change): readonly Change[] => (prefix.length === 24 ? [add('192.0.2.1', 5)] : []);
  const { changes, steps } = bare(
    [unban('192.0.2.0/24'), ban('192.0.2.0/24', 1), unban('192.0.2.9')],
    WHOLE,
    outlasting,
  );
  t.equal(changes.length, 3);
  t.strictSame(steps, [[add('192.0.2.1', 5)], [add('192.0.2.0/24', 1), { verb: 'remove', prefix: p('192.0.2.9') }]]);
});

t.test('a ledger that cannot be read either knows of none', async (t) => {
  const recorded = bare([unban('192.0.2.0/24')], WHOLE, () => {
    throw new Error('closed');
  });
  t.equal(recorded.steps, undefined);
});

t.test('a ban that is not for this backend is none', async (t) => {
  const share = { isWhole: false, includes: (jail: string) => jail !== 'sshd' };
  t.same(bareChanges([ban('192.0.2.1', 5)], share), [{ verb: 'remove', prefix: p('192.0.2.1') }]);
});
