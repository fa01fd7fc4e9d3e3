import t from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;

t.test('what is taken away is in doubt until the kernel has answered; what comes is not', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  t.teardown(() => ledger.close());
  const ban = (address: string) => ({ prefix: p(address), jail: 'a', reason: '', since: NOW, until: null });
  ledger.arrived(ledger.record([{ kind: 'ban', ban: ban('192.0.2.7') }]));
  t.same(ledger.inDoubt(), []);
  const lifted = ledger.record([{ kind: 'unban', prefix: p('192.0.2.7') }]);
  const [doubt] = ledger.inDoubt();
  t.match(doubt?.changes, [{ verb: 'remove', prefix: { text: '192.0.2.7' } }]);
  if (doubt) ledger.arrived(doubt);
  t.same(ledger.inDoubt(), []);
  ledger.arrived(lifted);
  t.same(ledger.inDoubt(), [], 'nobody settles it twice');
});

t.test('a prefix that shrinks is in doubt too: what was folded into it has to come back', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  t.teardown(() => ledger.close());
  const ban = (address: string, jail: string, left: number) => {
    return { kind: 'ban', ban: { prefix: p(address), jail, reason: '', since: NOW, until: NOW + left } } as const;
  };
  ledger.arrived(ledger.record([ban('192.0.2.7', 'a', 5000), ban('192.0.2.0/24', 'b', 9000)]));
  ledger.record([ban('192.0.2.0/24', 'b', 1000)]);
  const [doubt] = ledger.inDoubt();
  const texts = [...(doubt?.steps?.flat() ?? doubt?.changes ?? [])].map(({ verb, prefix }) => `${verb} ${prefix}`);
  t.ok(texts.includes('add 192.0.2.7'), texts.join(', '));
});
