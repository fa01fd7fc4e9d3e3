import type { Backend } from '../../src/backends/backend.js';
import { Batch } from '../../src/model/batch.js';
import { Prefix } from '../../src/model/prefix.js';
import { Refusal } from '../../src/model/refusal.js';
import { Scope, scopeText } from '../../src/model/scope.js';
import type { Change } from '../../src/model/street.js';
import { BANNED, BANNED6, type Sentence, type Subject } from './subject.js';

const p = Prefix.parse;
const HOUR = 3_600_000;

const add = (address: string, until: number | null, scope = 'all'): Change => ({
  verb: 'add',
  prefix: p(address),
  until,
  ...(scope !== 'all' && { scope: Scope.parse(scope) }),
});
const remove = (address: string): Change => ({ verb: 'remove', prefix: p(address) });

/** Of each element, by address: `192.0.2.7 tcp/22`. */
async function heldScopes(backend: Backend): Promise<string[]> {
  const found = new Set<string>();
  for await (const { prefix, scope } of backend.elements()) found.add(`${prefix} ${scopeText(scope)}`);
  return [...found].sort();
}

/** What a backend does with elements that have a scope. @param test says a sentence of any backend. */
export function scopeConformance(subject: Subject, test: Sentence): void {
  const apply: Apply = (backend, ...changes) => backend.apply(new Batch(changes, subject.now()));

  if (subject.scopes) heldScopesConformance(subject, test, apply);
  else unfitConformance(subject, test, apply);
}

type Apply = (backend: Backend, ...changes: Change[]) => Promise<void>;

/** Of a backend that knows no ports: it never closes more than was asked for, and says so. */
function unfitConformance(subject: Subject, test: Sentence, apply: Apply): void {
  test('refuses an element that is about some ports, or only observed, and nothing happens beside it', async (t, backend) => {
    await apply(backend, add('192.0.2.7', null));
    for (const scope of ['tcp/22', 'observe', 'observe udp/53']) {
      for (const address of [BANNED, BANNED6]) {
        const refusal = await apply(backend, remove('192.0.2.7'), add(address, null, scope)).catch((thrown) => thrown);
        t.type(refusal, Refusal, `${address} ${scope}`);
        t.equal(refusal.fault, 'element');
        t.equal(await subject.drops(backend, address), false);
      }
    }
    t.same(await heldScopes(backend), ['192.0.2.7 all']);
    await apply(backend, add(BANNED, null));
    t.equal(await subject.drops(backend, BANNED), true, 'all of it, it can');
  });
}

/** Of a backend that does. */
function heldScopesConformance(subject: Subject, scoped: Sentence, apply: Apply): void {
  scoped('holds the scope of an element as it was said, of both families and any length', async (t, backend) => {
    const all = [
      ['192.0.2.7', 'tcp/22'],
      ['192.0.2.8', 'tcp/* udp/53,1000-1010'],
      ['198.51.100.0/24', 'observe'],
      ['2001:db8:1::/48', 'udp/5060-5061 sctp/5060'],
      ['2001:db8::1', 'observe tcp/25,465,587'],
      ['203.0.113.9', 'all'],
    ] as const;
    const until = subject.now() + HOUR;
    await apply(backend, ...all.map(([address, scope]) => add(address, until, scope)));
    t.same(
      await heldScopes(backend),
      all.map(([address, scope]) => `${address} ${scope}`),
    );
    const found = await backend.lookup(all.map(([address]) => p(address)));
    t.same(
      found.map((element) => scopeText(element?.scope)),
      all.map(([, scope]) => scope),
    );
    for (const element of found) t.ok(Math.abs((element?.until ?? 0) - until) < 2000);
    const counted = (await backend.counters()).elements;
    if (counted !== undefined) t.equal(counted, all.length);
    t.same((await backend.check?.()) ?? [], []);
  });

  scoped('an element drops what its scope says, and nothing else', async (t, backend) => {
    for (const [scope, expected] of [
      ['udp/4000', [true, false]],
      ['udp/4001', [false, true]],
      ['udp/53,3900-4000', [true, false]],
      ['udp/4000-4001', [true, true]],
      ['udp/*', [true, true]],
      ['tcp/4000', [false, false]],
      ['tcp/* udp/4001', [false, true]],
      ['observe', [false, false]],
      ['observe udp/4000', [false, false]],
      ['all', [true, true]],
      ['tcp/22 udp/53', [false, false]],
    ] as const) {
      await apply(backend, add(BANNED, null, scope), add(BANNED6, subject.now() + HOUR, scope));
      for (const address of [BANNED, BANNED6]) {
        const found = [await subject.drops(backend, address, 4000), await subject.drops(backend, address, 4001)];
        t.same(found, expected, `${address} ${scope}`);
      }
      t.same(await heldScopes(backend), [`${BANNED} ${scope}`, `${BANNED6} ${scope}`]);
    }
    await apply(backend, remove(BANNED), remove(BANNED6));
    t.same(await heldScopes(backend), []);
    t.equal(await subject.drops(backend, BANNED, 53), false);
    t.same((await backend.check?.()) ?? [], []);
  });

  scoped('of elements that cover an address each speaks for itself', async (t, backend) => {
    const wide = p(BANNED).widened(24).text;
    const wide6 = p(BANNED6).widened(64).text;
    for (const [narrow, wider, expected] of [
      ['udp/4000', 'all', [true, true]],
      ['observe', 'all', [true, true]],
      ['udp/4000', 'udp/4001', [true, true]],
      ['udp/4000', 'observe', [true, false]],
      ['observe', 'udp/4000', [true, false]],
      ['tcp/22', 'observe udp/4000', [false, false]],
      ['all', 'observe', [true, true]],
    ] as const) {
      await apply(backend, add(BANNED, null, narrow), add(BANNED6, null, narrow));
      await apply(backend, add(wide, null, wider), add(wide6, null, wider));
      for (const address of [BANNED, BANNED6]) {
        const found = [await subject.drops(backend, address, 4000), await subject.drops(backend, address, 4001)];
        t.same(found, expected, `${address} ${narrow} in ${wider}`);
      }
    }
    t.same((await backend.check?.()) ?? [], []);
  });

  scoped('a scoped element ends, is refreshed, and is taken away as any other', async (t, backend) => {
    const soon = subject.now() + 300;
    await apply(backend, add('192.0.2.7', soon, 'tcp/22'), add('2001:db8::1', soon, 'observe'));
    await apply(backend, add('192.0.2.8', soon, 'tcp/22'), add('10.0.0.0/8', soon, 'udp/53'));
    await apply(backend, add('192.0.2.8', subject.now() + HOUR, 'tcp/22'), add('10.0.0.0/8', null, 'udp/53'));
    await subject.pass(700);
    t.same(await heldScopes(backend), ['10.0.0.0/8 udp/53', '192.0.2.8 tcp/22']);
    await apply(backend, add('192.0.2.7', subject.now() + HOUR, 'observe'), remove('2001:db8::1'));
    await apply(backend, add('2001:db8::1', subject.now() - HOUR, 'tcp/22'), remove('192.0.2.1'), remove('10.0.0.0/9'));
    await apply(backend, add('192.0.2.8', subject.now() + HOUR), remove('10.0.0.0/8'));
    await subject.pass(200);
    t.same(await heldScopes(backend), ['192.0.2.7 observe', '192.0.2.8 all']);
    await backend.clear();
    t.same(await heldScopes(backend), []);
    await apply(backend, add('192.0.2.7', null, 'tcp/22'));
    t.same(await heldScopes(backend), ['192.0.2.7 tcp/22']);
  });

  scoped('who is allowed passes whatever the scope', async (t, backend) => {
    await apply(backend, add(BANNED, null, 'udp/4000'), add(BANNED6, null, 'udp/4000'));
    await backend.allow([p(BANNED)]);
    t.same([await subject.drops(backend, BANNED), await subject.drops(backend, BANNED6)], [false, true]);
    await backend.allow([p('2001:db8::/32')]);
    t.same([await subject.drops(backend, BANNED), await subject.drops(backend, BANNED6)], [true, false]);
  });

  scoped('counts what was observed, and what a scope dropped', async (t, backend) => {
    if (!subject.counts) return;
    await apply(backend, add(BANNED, null, 'observe'), add(BANNED6, null, 'udp/4000'));
    for (const port of [4000, 4001]) {
      for (const address of [BANNED, BANNED6]) await subject.drops(backend, address, port);
    }
    const { packets, observed, scopes } = await backend.counters();
    t.equal(packets, 1);
    t.equal(observed?.packets, 2);
    t.equal(scopes?.get('observe')?.packets, 2);
    t.equal(scopes?.get('udp/4000')?.packets, 1);
    t.ok((scopes?.get('udp/4000')?.bytes ?? 0) > 28);
    const [watched, held] = await backend.lookup([p(BANNED), p(BANNED6)]);
    if (watched?.packets !== undefined) t.equal(watched.packets, 2);
    if (held?.packets !== undefined) t.equal(held.packets, 1);
  });

  scoped(
    'more scopes than can be told apart are refused, with a way out, and nothing with them',
    async (t, backend) => {
      const many = Array.from({ length: 5000 }, (_, index) =>
        add(`10.0.${index >> 8}.${index & 255}`, null, `tcp/${index + 1}`),
      );
      await apply(backend, add('192.0.2.7', null, 'tcp/22'));
      const refusal = await apply(backend, remove('192.0.2.7'), ...many).catch((thrown) => thrown);
      if (!(refusal instanceof Refusal)) {
        t.equal(refusal, undefined);
        return;
      }
      t.equal(refusal.fault, 'element');
      t.match(refusal.message, /\bscopes\b.*(?:ban all traffic|fewer)/);
      t.same(await heldScopes(backend), ['192.0.2.7 tcp/22']);
      await apply(backend, add('192.0.2.8', null, 'tcp/22'), add('192.0.2.9', null));
      t.same(await heldScopes(backend), ['192.0.2.7 tcp/22', '192.0.2.8 tcp/22', '192.0.2.9 all']);
    },
    16_384,
  );

  scoped('scopes that no element has any more make room', async (t, backend) => {
    const one = (port: number): Change => add('192.0.2.7', null, `tcp/${port}`);
    for (let from = 1; from <= 300; from += 5) {
      const many = Array.from({ length: 5 }, (_, index) => add(`10.0.0.${index}`, null, `udp/${(from + index) * 2}`));
      await apply(backend, ...many);
      await apply(backend, ...many.map(({ prefix }) => remove(prefix.text)));
    }
    await apply(backend, one(22));
    t.same(await heldScopes(backend), ['192.0.2.7 tcp/22']);
  });
}
