import t from 'tap';
import { MemoryBackend } from '../../../../src/backends/memory/backend.js';
import { Batch } from '../../../../src/model/batch.js';
import { Prefix } from '../../../../src/model/prefix.js';
import type { Change } from '../../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const add = (address: string, until: number | null = null): Change => ({
  verb: 'add',
  prefix: Prefix.parse(address),
  until,
});
const remove = (address: string): Change => ({ verb: 'remove', prefix: Prefix.parse(address) });
const batch = (...changes: Change[]): Batch => new Batch(changes, NOW);

async function held(backend: MemoryBackend): Promise<string[]> {
  const found: string[] = [];
  for await (const { prefix } of backend.elements()) found.push(prefix.text);
  return found;
}

t.test('what it is', async (t) => {
  const backend = new MemoryBackend();
  t.equal(backend.kind, 'memory');
  t.equal(backend.capacity, 10_000);
  t.same(await backend.counters(), { elements: 0, packets: 0, bytes: 0 });
});

t.test('a full set has room for a change of what is there, and for who comes as another goes', async (t) => {
  const backend = new MemoryBackend({ size: 2, clock: () => NOW });
  await backend.apply(batch(add('192.0.2.1'), add('192.0.2.2')));
  await backend.apply(batch(add('192.0.2.1', NOW + 1000), add('192.0.2.2', NOW + 1000)));
  await backend.apply(batch(add('192.0.2.3'), remove('192.0.2.1')));
  t.same((await held(backend)).sort(), ['192.0.2.2', '192.0.2.3']);
  await t.rejects(backend.apply(batch(add('192.0.2.4'), remove('192.0.2.9'))), {
    code: 'kernel',
    message: 'the set is full: it holds 2 elements; raise size in [backend]',
  });
});

t.test('an element that has expired makes room', async (t) => {
  let now = NOW;
  const backend = new MemoryBackend({ size: 1, clock: () => now });
  await backend.apply(batch(add('192.0.2.1', NOW + 1000)));
  now = NOW + 999;
  await t.rejects(backend.apply(batch(add('192.0.2.2'))));
  now = NOW + 1000;
  await backend.apply(batch(add('192.0.2.2')));
  t.same(await backend.counters(), { elements: 1, packets: 0, bytes: 0 });
});

t.test('closing keeps, or does not', async (t) => {
  const backend = new MemoryBackend();
  await backend.apply(batch(add('192.0.2.1')));
  await backend.close({ keep: true });
  t.same(await held(backend), ['192.0.2.1']);
  await backend.close({ keep: false });
  t.same(await held(backend), []);
});
