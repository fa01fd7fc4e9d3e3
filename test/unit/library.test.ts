import t from 'tap';
import { connect, DropsetError } from '../../src/library.js';
import { startService } from '../service.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;
const END = new Date(NOW + 3_600_000).toISOString();

t.test('one address', async (t) => {
  const { socket, ledger, held } = await startService(t, { clock });
  const dropset = connect(socket);
  t.same(await dropset.ban('::ffff:192.0.2.7', { for: '1h', reason: 'asked' }), { address: '192.0.2.7', until: END });
  t.same(await dropset.ban('192.0.2.8', { for: 3600 }), { address: '192.0.2.8', until: END });
  t.same(await dropset.ban('2001:db8::/32'), { address: '2001:db8::/32', until: null });
  t.same(await held(), ['192.0.2.7', '192.0.2.8', '2001:db8::/32']);
  t.match([...ledger.bans()].flat()[0], { reason: 'asked' });
  t.equal(await dropset.unban('192.0.2.7'), 1);
  t.equal(await dropset.unban('192.0.2.7'), 0);
});

t.test('what is refused is an error with a code', async (t) => {
  const dropset = connect((await startService(t)).socket);
  for (const [address, code] of [
    ['127.0.0.1', 'never'],
    ['nonsense', 'address'],
  ] as const) {
    await t.rejects(dropset.ban(address), { code });
    await t.rejects(dropset.ban(address), DropsetError);
  }
  await t.rejects(dropset.unban('nonsense'), { code: 'address' });
  await t.rejects(dropset.ban('192.0.2.7', { for: 'soon' }), { code: 'duration' });
  await t.rejects(connect('/nowhere/socket').status(), { code: 'unreachable' });
});

t.test('more than one request may have', async (t) => {
  const { socket, ledger } = await startService(t, { clock });
  const dropset = connect(socket);
  const addresses = Array.from({ length: 10_001 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const results = await dropset.banAll([...addresses, 'x'], { for: '1h' });
  t.equal(results.length, 10_002);
  t.same(results[10_000], { address: '10.0.39.16', until: END });
  t.match(results[10_001], { address: 'x', error: { code: 'address' } });
  t.match((await dropset.unbanAll(addresses)).at(-1), { address: '10.0.39.16', lifted: 1 });
  t.same(await dropset.banAll([]), []);
  t.equal(ledger.count(), 0);
});

t.test('the list, and the status', async (t) => {
  const dropset = connect((await startService(t)).socket);
  await dropset.banAll(['192.0.2.7', '198.51.100.7']);
  const found: string[] = [];
  for await (const { address } of dropset.list({ prefix: '192.0.2.0/24' })) found.push(address);
  t.same(found, ['192.0.2.7']);
  t.match(await dropset.status(), { bans: 2 });
  t.match(await dropset.why('192.0.2.7'), { address: '192.0.2.7', banned: true, bans: [{ jail: 'manual' }] });
});

t.test('the socket of the environment', async (t) => {
  const { socket } = await startService(t);
  process.env.DROPSET_SOCKET = socket;
  t.teardown(() => delete process.env.DROPSET_SOCKET);
  t.match(await connect().status(), { version: '1.2.3' });
});

t.test('what happens', async (t) => {
  const { socket, stream } = await startService(t);
  const dropset = connect(socket);
  const follow = stream.follow.bind(stream);
  stream.follow = (...wanted) => {
    const parts = follow(...wanted);
    setImmediate(() => void dropset.ban('192.0.2.7'));
    return parts;
  };
  for (const wanted of [
    {},
    { event: ['ban', 'unban'] as const, jail: 'manual' },
    { event: 'ban', jail: ['manual', 'x'] } as const,
  ]) {
    for await (const event of dropset.events(wanted)) {
      t.match(event, { event: 'ban', address: '192.0.2.7' });
      break;
    }
  }
  stream.follow = follow;
  const over = AbortSignal.timeout(5);
  for await (const _ of dropset.events({ event: 'problem', signal: over })) t.fail();
});
