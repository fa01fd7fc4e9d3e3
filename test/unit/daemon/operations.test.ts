import t from 'tap';
import type { ListedBan } from '../../../src/control/api.js';
import { Prefix } from '../../../src/model/prefix.js';
import { startService } from '../../service.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;
const END = new Date(NOW + 3_600_000).toISOString();

async function listed(pages: AsyncIterable<readonly ListedBan[]>): Promise<ListedBan[]> {
  const all: ListedBan[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

t.test('a ban by hand: one result for each address, in order, whatever befalls the others', async (t) => {
  const { operations, ledger, held } = await startService(t, { clock });
  const addresses = ['192.0.2.7', 'nonsense', '127.0.0.1', '2001:DB8::/32', '0.0.0.0/0', '::ffff:192.0.2.8', ''];
  const results = await operations.ban({ addresses, for: '1h', reason: 'spam' });
  t.same(results, [
    { address: '192.0.2.7', until: END },
    {
      address: 'nonsense',
      error: { code: 'address', message: '"nonsense" is no IPv4 or IPv6 address or prefix' },
    },
    { address: '127.0.0.1', error: { code: 'never', message: '127.0.0.1 must never be banned: it is this host' } },
    { address: '2001:db8::/32', until: END },
    { address: '0.0.0.0/0', error: { code: 'never', message: '0.0.0.0/0 must never be banned: it is this host' } },
    { address: '192.0.2.8', until: END },
    { address: '', error: { code: 'address', message: '"" is no IPv4 or IPv6 address or prefix' } },
  ]);
  t.same(await held(), ['192.0.2.7', '2001:db8::/32', '192.0.2.8']);
  t.match(ledger.bansOf(Prefix.parse('192.0.2.7')), [
    { jail: 'manual', reason: 'spam', since: NOW, until: NOW + 3_600_000 },
  ]);
});

t.test('without a time a ban never ends', async (t) => {
  const { operations } = await startService(t, { clock });
  t.same(await operations.ban({ addresses: ['192.0.2.7'] }), [{ address: '192.0.2.7', until: null }]);
  t.same(await operations.ban({ addresses: ['192.0.2.7'], for: 'never' }), [{ address: '192.0.2.7', until: null }]);
});

t.test('a time that is none bans nobody', async (t) => {
  const { operations, ledger } = await startService(t, { clock });
  await t.rejects(operations.ban({ addresses: ['192.0.2.7'], for: 'soon' }), { code: 'duration' });
  t.equal(ledger.count(), 0);
});

t.test('what the backend refuses is told for the address', async (t) => {
  const { operations, ledger } = await startService(t, { clock, size: 1 });
  const results = await operations.ban({ addresses: ['192.0.2.7', '192.0.2.8'] });
  t.same(results[0], { address: '192.0.2.7', until: null });
  t.match(results[1], { address: '192.0.2.8', error: { code: 'kernel', message: /the set is full/ } });
  t.equal(ledger.count(), 1);
});

t.test('lifting: of all jails, and harmless for who is not banned', async (t) => {
  const { operations, ledger, held } = await startService(t, { clock });
  await operations.ban({ addresses: ['192.0.2.7', '192.0.2.8'] });
  const prefix = Prefix.parse('192.0.2.7');
  ledger.record([{ kind: 'ban', ban: { prefix, jail: 'sshd', reason: '', since: NOW, until: null } }]);
  t.same(await operations.unban(['192.0.2.7', '192.0.2.99', 'nonsense', '::ffff:192.0.2.8']), [
    { address: '192.0.2.7', lifted: 2 },
    { address: '192.0.2.99', lifted: 0 },
    {
      address: 'nonsense',
      lifted: 0,
      error: { code: 'address', message: '"nonsense" is no IPv4 or IPv6 address or prefix' },
    },
    { address: '192.0.2.8', lifted: 1 },
  ]);
  t.same(await held(), []);
});

t.test('lifting what the ledger does not know takes it from the kernel', async (t) => {
  const { operations, writer, held } = await startService(t, { clock });
  await writer.write([{ verb: 'add', prefix: Prefix.parse('192.0.2.7'), until: null }]);
  t.same(await operations.unban(['192.0.2.7']), [{ address: '192.0.2.7', lifted: 0 }]);
  t.same(await held(), []);
});

t.test('lifting all', async (t) => {
  const { operations, ledger } = await startService(t, { clock });
  await operations.ban({ addresses: ['192.0.2.7', '2001:db8::1'] });
  t.equal(await operations.unbanAll(), 2);
  t.equal(ledger.count(), 0);
});

t.test('the list has what is in the ledger, with ISO times', async (t) => {
  const { operations } = await startService(t, { clock });
  t.same(await listed(operations.list()), []);
  await operations.ban({ addresses: ['192.0.2.8'], for: '1h', reason: 'spam' });
  await operations.ban({ addresses: ['192.0.2.7'] });
  const since = new Date(NOW).toISOString();
  const rest = { jail: 'manual', since, scope: 'all', packets: null, bytes: null, folded: null };
  t.same(await listed(operations.list()), [
    { address: '192.0.2.8', reason: 'spam', until: END, ...rest },
    { address: '192.0.2.7', reason: '', until: null, ...rest },
  ]);
});

t.test('bans of some ports, and what is only observed', async (t) => {
  const { operations } = await startService(t, { clock });
  await operations.ban({ addresses: ['192.0.2.7'], scope: 'tcp/443,22' });
  await operations.enter([{ address: '192.0.2.8', scope: 'observe' }, { address: '192.0.2.9' }], {});
  await operations.enter([{ address: '192.0.2.10', scope: 'observe' }], { scope: 'all' });
  t.same(
    (await listed(operations.list())).map(({ address, scope }) => `${address} ${scope}`),
    ['192.0.2.7 tcp/22,443', '192.0.2.8 observe', '192.0.2.9 all', '192.0.2.10 all'],
  );
  await t.rejects(operations.ban({ addresses: ['192.0.2.7'], scope: 'ssh' }), { code: 'scope' });
  t.match(await operations.enter([{ address: '192.0.2.7', scope: 'ssh' }], {}), [{ error: { code: 'scope' } }]);
});

t.test('some of the list: pages of others are passed over', async (t) => {
  const { operations } = await startService(t, { clock });
  const addresses = Array.from({ length: 1500 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  await operations.ban({ addresses });
  t.match(await listed(operations.list({ prefix: '10.0.5.0/31' })), [{ address: '10.0.5.0' }, { address: '10.0.5.1' }]);
  t.same(await listed(operations.list({ jail: 'sshd' })), []);
  await t.rejects(listed(operations.list({ prefix: 'x' })), { code: 'address' });
});

t.test('bans that are given with their own terms, in order; those that have ended are passed over', async (t) => {
  const { operations, ledger, held } = await startService(t, { clock });
  const given = [
    { address: '192.0.2.7', jail: 'sshd', until: END },
    { address: '192.0.2.8', until: new Date(NOW).toISOString() },
    { address: 'x' },
    { address: '192.0.2.9' },
  ];
  t.match(await operations.enter(given, {}), [
    { address: '192.0.2.7', until: END },
    { address: '192.0.2.8', ended: true },
    { address: 'x', error: { code: 'address' } },
    { address: '192.0.2.9', until: null },
  ]);
  t.same(await held(), ['192.0.2.7', '192.0.2.9']);
  t.match(ledger.bansOf(Prefix.parse('192.0.2.7')), [{ jail: 'sshd' }]);
});

t.test('the list has the counters of elements that are counted', async (t) => {
  const { operations, backend } = await startService(t, { clock });
  await operations.ban({ addresses: ['192.0.2.7', '192.0.2.8'] });
  const prefix = Prefix.parse('192.0.2.7');
  backend.lookup = async () => [{ prefix, until: null, packets: 0, bytes: 0 }, undefined];
  t.match(await listed(operations.list()), [
    { address: '192.0.2.7', packets: 0, bytes: 0 },
    { address: '192.0.2.8', packets: null, bytes: null },
  ]);
});

t.test('the status is asked where it is made', async (t) => {
  const { operations } = await startService(t, { clock });
  await operations.ban({ addresses: ['192.0.2.8'] });
  t.match(await operations.status(), { version: '1.2.3', bans: 1 });
});

t.test('who was banned most', async (t) => {
  const { operations } = await startService(t);
  await operations.ban({ addresses: ['192.0.2.7'] });
  t.match(await operations.offenders({}), { sums: { offenders: 1 }, offenders: [{ address: '192.0.2.7' }] });
});
