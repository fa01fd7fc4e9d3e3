import t, { type Test } from 'tap';
import { MemoryBackend } from '../../../src/backends/memory/backend.js';
import { Enforcement } from '../../../src/daemon/enforcement.js';
import { Events } from '../../../src/daemon/events.js';
import { Filling } from '../../../src/daemon/filling.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';
import { Writer } from '../../../src/writer/writer.js';

const NOW = 1_800_000_000_000;
const clock = (): number => NOW;
const addressOf = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** A ledger of so many bans, and a kernel that holds those that `isHeld` says. */
async function world(t: Test, count: number, isHeld: (index: number) => boolean) {
  const ledger = Ledger.open(':memory:', { clock });
  t.teardown(() => ledger.close());
  const backend = new MemoryBackend({ clock });
  await backend.open();
  const { changes } = ledger.record(
    Array.from({ length: count }, (_, index): Verdict => {
      const prefix = Prefix.parse(addressOf(index));
      return { kind: 'ban', ban: { prefix, jail: 'sshd', reason: '', since: NOW, until: NOW + 3_600_000 } };
    }),
  );
  const writer = new Writer(backend, clock);
  await writer.write(changes.filter((_, index) => isHeld(index)));
  const before = writer.counters.written;
  const enforcement = new Enforcement(ledger, writer, { events: new Events(clock), until: () => undefined });
  const filling = new Filling({ ledger, backend, enforcement, now: clock, problem: (sentence) => t.fail(sentence) });
  const elements = async (): Promise<number> => (await backend.counters()).elements ?? 0;
  return { ledger, writer, filling, elements, written: () => writer.counters.written - before };
}

t.test('where the kernel holds all, the newest are written first, and the others when it is ready', async (t) => {
  const { filling, written, elements } = await world(t, 50_000, (index) => index < 49_000);
  t.equal(await filling.begin(), 50_000);
  t.equal(written(), 20_000);
  t.equal(await elements(), 50_000, 'what a killed process had not written is among the newest');
  filling.goOn();
  await filling.stop();
  t.ok(written() < 50_000, 'a service that stops does not wait for them');
});

t.test('all others are written in time', async (t) => {
  const { filling, written, writer } = await world(t, 30_000, () => true);
  await filling.begin();
  filling.goOn();
  while (written() < 50_000) await writer.idle();
  await filling.stop();
  t.equal(written(), 50_000);
});

t.test('an element that is lifted meanwhile is not brought back', async (t) => {
  const { filling, ledger, writer, elements } = await world(t, 30_000, () => true);
  await filling.begin();
  filling.goOn();
  for (let index = 0; index < 30_000; index += 100) {
    const prefix = Prefix.parse(addressOf(index));
    await writer.write(ledger.record([{ kind: 'unban', prefix }]).changes);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  await writer.idle();
  await filling.stop();
  t.equal(await elements(), 29_700);
});

for (const [what, isHeld] of Object.entries({
  'a filling that was broken off': (index: number) => index < 29_000,
  'a table that was flushed': () => false,
})) {
  t.test(`${what} is filled before it is ready`, async (t) => {
    const { filling, written, elements } = await world(t, 50_000, isHeld);
    t.equal(await filling.begin(), 50_000);
    t.equal(written(), 50_000);
    t.equal(await elements(), 50_000);
    filling.goOn();
    await filling.stop();
    t.equal(written(), 50_000, 'once');
  });
}

t.test('few bans are written at once', async (t) => {
  const { filling, written } = await world(t, 100, () => true);
  t.equal(await filling.begin(), 100);
  t.equal(written(), 100);
});
