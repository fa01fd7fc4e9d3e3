import t from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import type { Opened } from '../../../src/daemon/opening.js';
import { secondariesOf } from '../../../src/daemon/others.js';
import { Shares } from '../../../src/daemon/shares.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { eventsInto } from '../../service.js';

t.test('each with its name, and the descriptor of nftables is kept when it is open', async (t) => {
  const ledger = Ledger.open(':memory:');
  const kept: unknown[] = [];
  const shares = new Shares([]);
  const others = [
    { choice: { name: 'route', kind: 'route' }, backend: new MemoryBackend() },
    { choice: { name: 'nftables', kind: 'nftables' }, backend: Object.assign(new MemoryBackend(), { kept: () => 7 }) },
  ];
  const opened = { others, ledger, events: eventsInto([], []), shares, share: shares.of('xdp') };
  const all = secondariesOf(
    { ...opened, systemd: { keep: (descriptor: unknown) => kept.push(descriptor) } } as unknown as Opened,
    { isWhole: () => true, clock: Date.now },
  );
  all.begin(null);
  for (let tries = 0; kept.length === 0 && tries < 100; tries++) await new Promise(setImmediate);
  t.same(
    (await all.reports()).map(({ name }) => name),
    ['route', 'nftables'],
  );
  t.same(kept, [7]);
  await all.stop();
  ledger.close();
});
