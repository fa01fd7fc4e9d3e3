import type { Test } from 'tap';
import type { Backend } from '../../src/backends/backend.js';
import { Batch } from '../../src/model/batch.js';
import { Prefix } from '../../src/model/prefix.js';
import { Refusal } from '../../src/model/refusal.js';
import type { Change, Element } from '../../src/model/street.js';
import { scopeConformance } from './scopes.js';
import { BANNED, BANNED6, type Sentence, type Subject } from './subject.js';

const p = Prefix.parse;
const HOUR = 3_600_000;

const add = (address: string, until: number | null): Change => ({ verb: 'add', prefix: p(address), until });
const remove = (address: string): Change => ({ verb: 'remove', prefix: p(address) });

async function held(backend: Backend): Promise<string[]> {
  // A dump that meets a table which the kernel makes smaller tells some of it twice (rhashtable's walker).
  const found = new Set<string>();
  for await (const { prefix } of backend.elements()) found.add(prefix.text);
  return [...found].sort();
}

/** What every backend does, whatever is behind it. */
export function conformance(t: Test, subject: Subject): void {
  const apply = (backend: Backend, ...changes: Change[]): Promise<void> =>
    backend.apply(new Batch(changes, subject.now()));

  const test: Sentence = (name, body, size = 1024) => {
    void t.test(name, async (t) => {
      const backend = await subject.make(size);
      try {
        await body(t, backend);
      } finally {
        await backend.close({ keep: false });
      }
    });
  };

  test('holds what was added, of both families and any length', async (t, backend) => {
    const all = ['192.0.2.7', '198.51.100.0/24', '2001:db8::/32', '2001:db8::1', '203.0.113.128/25'];
    await apply(backend, ...all.map((address) => add(address, subject.now() + HOUR)));
    t.same(await held(backend), all);
  });

  test('adding is idempotent', async (t, backend) => {
    const until = subject.now() + HOUR;
    await apply(backend, add('192.0.2.7', until));
    await apply(backend, add('192.0.2.7', until), add('2001:db8::1', until));
    t.same(await held(backend), ['192.0.2.7', '2001:db8::1']);
  });

  test('removing what is not there is no error, and undoes nothing beside it', async (t, backend) => {
    await apply(backend, remove('192.0.2.1'), remove('2001:db8::9'), remove('10.0.0.0/8'));
    await apply(backend, add('192.0.2.7', null), remove('192.0.2.1'), remove('10.0.0.0/8'));
    t.same(await held(backend), ['192.0.2.7']);
    await apply(backend, remove('192.0.2.7'));
    t.same(await held(backend), []);
    await apply(backend, remove('192.0.2.7'));
    t.same(await held(backend), []);
  });

  test('the last word on a timeout holds: longer, shorter, never, and back', async (t, backend) => {
    for (const left of [HOUR, 2 * HOUR, 60_000, null, HOUR]) {
      const until = left === null ? null : subject.now() + left;
      await apply(backend, add('192.0.2.7', until), add('2001:db8::/48', until));
      for (const element of await backend.lookup([p('192.0.2.7'), p('2001:db8::/48')])) {
        if (until === null) t.equal(element?.until, null);
        else t.ok(Math.abs((element?.until ?? 0) - until) < 2000, `${element?.until} is about ${until}`);
      }
    }
  });

  test('timeouts expire by themselves, and an expired element can be added again', async (t, backend) => {
    const soon = subject.now() + 300;
    await apply(backend, add('192.0.2.7', soon), add('2001:db8::1', soon), add('192.0.2.8', null));
    t.equal((await held(backend)).length, 3);
    await subject.pass(700);
    t.same(await held(backend), ['192.0.2.8']);
    t.same(await backend.lookup([p('192.0.2.7'), p('2001:db8::1')]), [undefined, undefined]);
    await apply(backend, add('192.0.2.7', subject.now() + HOUR), remove('2001:db8::1'));
    t.same(await held(backend), ['192.0.2.7', '192.0.2.8']);
  });

  test('an end in the past is no eternal ban', async (t, backend) => {
    await apply(backend, add('192.0.2.7', subject.now() - HOUR), add('192.0.2.8', subject.now()));
    await subject.pass(200);
    t.same(await held(backend), []);
  });

  test('refreshing keeps an element alive', async (t, backend) => {
    await apply(backend, add('192.0.2.7', subject.now() + 300));
    await apply(backend, add('192.0.2.7', subject.now() + HOUR));
    await subject.pass(700);
    t.same(await held(backend), ['192.0.2.7']);
  });

  test('a refused batch changes nothing', async (t, backend) => {
    // 1,024 fit; the refusal comes in the middle of the batch.
    const many = Array.from({ length: 1100 }, (_, index) => add(`10.0.${index >> 8}.${index & 255}`, null));
    await apply(backend, add('192.0.2.7', null));
    const refusal = await apply(backend, remove('192.0.2.7'), ...many).catch((thrown) => thrown);
    t.type(refusal, Refusal);
    t.equal(refusal.fault, 'element');
    t.match(refusal.message, /the set is full/);
    t.same(await held(backend), ['192.0.2.7']);
  });

  test('whom it allows passes at once, and others as before; elements stay', async (t, backend) => {
    const all = [BANNED, BANNED6, '192.0.2.0/24'];
    await apply(backend, ...all.map((address) => add(address, null)));
    const drops = async (): Promise<boolean[]> => [
      await subject.drops(backend, BANNED),
      await subject.drops(backend, BANNED6),
    ];
    t.same(await drops(), [true, true]);
    for (const [allowed, expected] of [
      [[BANNED], [false, true]],
      [
        [BANNED, '127.0.9.0/24', '127.0.0.0/16', '127.0.9.0/24', BANNED6],
        [false, false],
      ],
      [['2001:db8::/32'], [true, false]],
      [
        ['0.0.0.0/0', '::/0'],
        [false, false],
      ],
      [Array.from({ length: 500 }, (_, index) => `10.${index >> 8}.${index & 255}.1`), [true, true]],
      [[], [true, true]],
    ] as const) {
      await backend.allow(allowed.map((address) => p(address)));
      t.same(await drops(), expected, `${allowed.length} allowed`);
      t.same((await backend.check?.()) ?? [], []);
    }
    t.same(await held(backend), all.toSorted());
  });

  test('lookup answers in order, undefined for who is not there', async (t, backend) => {
    await apply(backend, add('192.0.2.7', null), add('2001:db8::1', null), add('10.0.0.0/8', null));
    const asked = ['192.0.2.1', '2001:db8::1', '192.0.2.7', '10.0.0.0/8', '10.0.0.0/9', '192.0.2.7', '::2'];
    const found = await backend.lookup(asked.map((address) => p(address)));
    t.same(
      found.map((element) => element?.prefix.text),
      [undefined, '2001:db8::1', '192.0.2.7', '10.0.0.0/8', undefined, '192.0.2.7', undefined],
    );
    t.same(await backend.lookup([]), []);
  });

  test('a clear takes everything away, and what comes then stands', async (t, backend) => {
    await backend.clear();
    await apply(backend, add('192.0.2.7', null), add('2001:db8::1', subject.now() + HOUR), add('10.0.0.0/8', null));
    await backend.clear();
    t.same(await held(backend), []);
    t.same(await backend.lookup([p('192.0.2.7'), p('10.0.0.0/8')]), [undefined, undefined]);
    await apply(backend, add('192.0.2.7', null), add('10.0.0.0/8', subject.now() + HOUR), remove('2001:db8::1'));
    t.same(await held(backend), ['10.0.0.0/8', '192.0.2.7']);
    t.same((await backend.check?.()) ?? [], []);
  });

  test(
    'a whole batch of its capacity goes down at once',
    async (t, backend) => {
      const { capacity } = backend;
      const changes = Array.from({ length: capacity }, (_, index) => {
        if (index % 2) return add(`2001:db8::${index.toString(16)}`, subject.now() + HOUR);
        return add(`10.0.${(index >> 8) & 255}.${index & 255}`, null);
      });
      await apply(backend, ...changes);
      const elements: Element[] = [];
      for await (const element of backend.elements()) elements.push(element);
      t.equal(elements.length, capacity);
      const counted = (await backend.counters()).elements;
      if (counted !== undefined) t.equal(counted, capacity);
      await apply(backend, ...changes.map(({ prefix }) => remove(prefix.text)));
      t.same(await held(backend), []);
    },
    16_384,
  );

  scopeConformance(subject, test);
}
