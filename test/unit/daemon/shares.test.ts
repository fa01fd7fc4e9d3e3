import t from 'tap';
import { SharedLedger, Shares } from '../../../src/daemon/shares.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { WHOLE } from '../../../src/ledger/share.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const p = Prefix.parse;
const ban = (address: string, jail: string): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: '', since: 0, until: null },
});
const texts = (changes: readonly Change[]): string[] => changes.map(({ verb, prefix }) => `${verb} ${prefix}`);

t.test('whose bans go where, by the configuration in force', async (t) => {
  let jails = [{ name: 'sshd' }, { name: 'web', backends: ['denyfile.a'] }];
  const shares = new Shares(jails);
  const [nftables, file] = [shares.of('nftables'), shares.of('denyfile.a')];
  t.same([nftables.isWhole, file.isWhole], [false, true]);
  t.same(
    ['sshd', 'web', 'manual'].map((jail) => nftables.includes(jail)),
    [true, false, true],
  );
  shares.follow(() => jails);
  jails = [{ name: 'sshd', backends: ['nftables'] }];
  t.same([nftables.isWhole, file.isWhole], [true, false]);
  t.same(
    ['sshd', 'web', 'manual'].map((jail) => file.includes(jail)),
    [false, true, true],
  );
});

t.test('the ledger as a backend has to hold it', async (t) => {
  const shares = new Shares([{ name: 'web', backends: ['denyfile.a'] }]);
  const first = shares.of('nftables');
  const ledger = Ledger.open(':memory:', { share: first, clock: () => 1 });
  t.teardown(() => ledger.close());
  const { changes } = ledger.record([ban('192.0.2.1', 'web'), ban('192.0.2.2', 'sshd'), ban('2001:db8::/64', 'sshd')]);
  t.same(texts(changes), ['remove 192.0.2.1', 'add 192.0.2.2', 'add 2001:db8::/64']);
  const unfit = ({ prefix }: { readonly prefix: Prefix }) => (prefix.family === 6 ? 'no' : undefined);
  const of = (name: string): SharedLedger => new SharedLedger({ ledger, share: shares.of(name), first, unfit });
  const own = ['add 192.0.2.1', 'add 192.0.2.2', 'remove 2001:db8::/64'];
  t.same(texts(of('denyfile.a').translated(changes)), own);
  t.same([...of('denyfile.a').elements(2)].map(texts), [own.slice(0, 2), own.slice(2)]);
  t.same(texts(of('route').translated(changes)), ['remove 192.0.2.1', 'add 192.0.2.2', 'remove 2001:db8::/64']);
  t.same([of('route').count(), of('route').range], [3, ledger.range]);
});

t.test('what is folded for the first backend is not for another', async (t) => {
  const ledger = Ledger.open(':memory:', { clock: () => 1 });
  t.teardown(() => ledger.close());
  ledger.record([ban('192.0.2.0/24', 'sshd')]);
  const { changes } = ledger.record([ban('192.0.2.7', 'sshd')]);
  t.match(changes, [{ verb: 'remove', foldedInto: { text: '192.0.2.0/24' } }]);
  const shared = new SharedLedger({ ledger, share: WHOLE, first: WHOLE, unfit: () => undefined });
  t.same(texts(shared.translated(changes)), ['add 192.0.2.7']);
  t.same([...shared.elements()].flatMap(texts), ['add 192.0.2.0/24', 'add 192.0.2.7']);
});
