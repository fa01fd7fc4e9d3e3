import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { rebuild, rebuildAndTell } from '../../../src/daemon/rebuild.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { Change } from '../../../src/model/street.js';
import { Writer } from '../../../src/writer/writer.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;
const p = Prefix.parse;
const add = (address: string, until: number | null = null): Change => ({ verb: 'add', prefix: p(address), until });

/** An empty ledger, and a kernel that holds something. */
async function lost(t: Test, held: readonly Change[]) {
  const ledger = Ledger.open(':memory:', { clock });
  t.teardown(() => ledger.close());
  const backend = new MemoryBackend({ clock });
  for (let at = 0; at < held.length; at += 10_000) await backend.apply(new Batch(held.slice(at, at + 10_000), NOW));
  const writer = new Writer(backend, clock);
  const stopping = new AbortController();
  const untils: (number | null)[] = [];
  const enforcement = { lifts: 0 };
  const options = { backend, ledger, writer, enforcement, clock, signal: stopping.signal };
  const run = () => rebuild({ ...options, until: (until) => untils.push(until) });
  const tell = (events: unknown[]) =>
    rebuildAndTell({ ...options, until: () => undefined }, { tell: (event) => void events.push(event) });
  return { ledger, backend, writer, stopping, untils, enforcement, run, tell };
}

t.test('what the kernel holds is in the ledger again, with the time that is left', async (t) => {
  const { ledger, untils, run } = await lost(t, [
    add('192.0.2.7', NOW + 5_000),
    add('2001:db8::/32'),
    add('192.0.2.8'),
  ]);
  ledger.record([{ kind: 'ban', ban: { prefix: p('192.0.2.8'), jail: 'sshd', reason: '', since: NOW, until: null } }]);
  t.equal(await run(), 2);
  const reason = 'the kernel held it when the ledger was lost';
  t.match(ledger.bansOf(p('192.0.2.7')), [{ jail: 'restored', reason, since: NOW, until: NOW + 5_000 }]);
  t.match(ledger.bansOf(p('2001:db8::/32')), [{ jail: 'restored', until: null }]);
  t.match(ledger.bansOf(p('192.0.2.8')), [{ jail: 'sshd' }], 'what is known stays as it is');
  t.same(untils, [NOW + 5_000, null]);
  t.equal(await run(), 0);
});

t.test('who was observed is observed again, and not dropped', async (t) => {
  const { ledger, run } = await lost(t, [
    { verb: 'add', prefix: p('192.0.2.7'), until: null, scope: Scope.parse('observe tcp/22') },
  ]);
  t.equal(await run(), 1);
  t.equal(ledger.bansOf(p('192.0.2.7'))[0]?.scope?.text, 'observe tcp/22');
});

t.test('thousands, page by page, while others write', async (t) => {
  const { ledger, run } = await lost(
    t,
    Array.from({ length: 1_234 }, (_, index) => add(`10.0.${index >> 8}.${index & 255}`)),
  );
  t.equal(await run(), 1_234);
  t.equal(ledger.count(), 1_234);
});

t.test('what is lifted while we look does not come back', async (t) => {
  const { ledger, backend, writer, enforcement, run } = await lost(t, [add('192.0.2.7'), add('192.0.2.8')]);
  const lookup = backend.lookup.bind(backend);
  let looks = 0;
  backend.lookup = async (prefixes) => {
    const found = await lookup(prefixes);
    if (looks++ === 0) {
      enforcement.lifts++;
      void writer.write([{ verb: 'remove', prefix: p('192.0.2.7') }]);
    }
    return found;
  };
  t.equal(await run(), 1);
  t.equal(looks, 2);
  t.same(ledger.bansOf(p('192.0.2.7')), []);
});

t.test('no more than 200,000', async (t) => {
  const held = Array.from({ length: 200_300 }, (_, index) =>
    add(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
  );
  const { run } = await lost(t, held);
  t.equal(await run(), 200_000);
});

t.test('it ends when it is told to', async (t) => {
  const { ledger, stopping, run } = await lost(t, [add('192.0.2.7')]);
  stopping.abort();
  t.equal(await run(), 0);
  t.equal(ledger.count(), 0);
});

t.test('how many there were is told', async (t) => {
  const { tell } = await lost(t, [add('192.0.2.7'), add('2001:db8::/32')]);
  const events: unknown[] = [];
  await tell(events);
  t.match(events, [{ kind: 'repair', of: 'ledger', count: 2, message: /^2 bans that only the kernel knew/ }]);
});
