import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR, PORT } from './guarded.js';

/** Not compiled: it stands beside this file's source. */
const SYSTEMD = join(process.cwd(), 'test/integration/systemd.py');
const MAIN = join(process.cwd(), 'dist/cli/main.js');

interface News {
  readonly told?: Readonly<Record<string, string>>;
  readonly stored?: readonly string[];
  readonly ended?: number;
}

const guarded = await Guarded.for(t);
await guarded.stop();
const config = join(guarded.folder, 'dropset.toml');
const RELOAD = join(guarded.folder, 'firewall.nft');
writeFileSync(RELOAD, 'flush ruleset\ntable inet firewall { chain input { type filter hook input priority 0; }; }\n');

/** A manager that listens at an address, and starts the service on demand. */
class Manager {
  readonly news: News[] = [];
  said = '';
  readonly #child;

  constructor(address: string) {
    const words = [SYSTEMD, address, process.execPath, MAIN, 'run', '--config', config];
    this.#child = guarded.host.start('python3', words);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.news.push(JSON.parse(line)));
    this.#child.stderr.on('data', (text) => {
      this.said += text;
    });
  }

  order(word: string): void {
    this.#child.stdin.write(`${word}\n`);
  }

  /** Waits for news, and forgets those before. */
  async heard(what: string, is: (news: News) => boolean): Promise<News> {
    await guarded.until(`${what}; the service said: ${this.said}`, () => this.news.some(is));
    const index = this.news.findIndex(is);
    return this.news.splice(0, index + 1).at(-1) as News;
  }

  async start(): Promise<News> {
    this.order('start');
    return this.heard('ready', ({ told }) => told?.READY === '1');
  }

  async end(signal: string): Promise<News> {
    this.order(signal);
    return this.heard('ended', ({ ended }) => ended !== undefined);
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    await once(this.#child, 'exit');
  }
}

const nft = (...words: string[]): string => guarded.host.run('nft', ...words);

/** How many packets of a banned address come through until it is stopped. */
function watched(): { readonly end: () => Promise<{ tried: number; through: number }> } {
  const count = { tried: 0, through: 0 };
  let watching = true;
  const watching_ = (async () => {
    for (; watching; count.tried++) {
      const { ok } = await guarded.outside.order('ping', { from: ATTACKER, to: GUARD, port: PORT, timeout: 10 });
      if (ok) count.through++;
    }
  })();
  return {
    end: async () => {
      watching = false;
      await watching_;
      return count;
    },
  };
}

for (const [what, address] of [
  ['a path', join(guarded.folder, 'notify')],
  ['an abstract address', `@dropset-test-${process.pid}`],
] as const) {
  t.test(`told at ${what}: the owner outlives the service, and nobody takes the table for a moment`, async (t) => {
    const manager = new Manager(address);
    t.teardown(() => manager.close());
    const first = await manager.start();
    t.same(first.stored, ['nftables'], 'stored before it was ready');
    t.match(first.told?.STATUS, /^nftables, 1 jails, \d+ bans restored$/);
    guarded.dropset('ban', ATTACKER);
    t.notOk(await guarded.ping(ATTACKER, GUARD));
    const watch = watched();
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM']) {
      t.equal((await manager.end(signal)).ended, signal === 'SIGTERM' ? 0 : -9);
      for (let times = 0; times < 3; times++) {
        nft('flush', 'ruleset');
        nft('-f', RELOAD);
        t.throws(() => nft('delete', 'table', 'inet', 'dropset'), /not permitted|busy/i);
        t.throws(() => nft('flush', 'chain', 'inet', 'dropset', 'prerouting'), /not permitted/);
      }
      t.notOk(await guarded.ping(ATTACKER, GUARD), `after ${signal} and a reload`);
      const again = await manager.start();
      t.same(again.stored, ['nftables']);
      t.match(guarded.status(), { owned: true, bans: 1, elements: 1, problems: [] });
      guarded.dropset('ban', NEIGHBOUR);
      guarded.dropset('unban', NEIGHBOUR);
    }
    const { tried, through } = await watch.end();
    t.ok(tried > 100, `${tried} packets`);
    t.equal(through, 0, 'packets that came through');
    await manager.end('SIGTERM');
  });
}

t.test('signs of life, and the last words', async (t) => {
  const manager = new Manager(join(guarded.folder, 'notify2'));
  t.teardown(() => manager.close());
  await manager.start();
  for (let times = 0; times < 3; times++) await manager.heard('a sign of life', ({ told }) => told?.WATCHDOG === '1');
  manager.order('SIGTERM');
  const stopping = await manager.heard('stopping', ({ told }) => told?.STOPPING === '1');
  t.match(stopping.told?.STATUS, /stopping; bans go on dropping/);
  await manager.heard('ended', ({ ended }) => ended === 0);
});

t.test('a reload is told with its time, and so is its end', async (t) => {
  const manager = new Manager(join(guarded.folder, 'notify5'));
  t.teardown(() => manager.close());
  await manager.start();
  for (const text of ['', '[nonsense]\n']) {
    const before = process.hrtime.bigint() / 1000n;
    guarded.configure(text);
    manager.order('SIGHUP');
    const { told } = await manager.heard('reloading', ({ told }) => told?.RELOADING === '1');
    const since = BigInt(told?.MONOTONIC_USEC ?? 0);
    t.ok(since >= before && since <= process.hrtime.bigint() / 1000n, 'by CLOCK_MONOTONIC, in microseconds');
    await manager.heard('ready again', ({ told }) => told?.READY === '1');
  }
  guarded.configure();
  await manager.end('SIGTERM');
});

t.test('a store that was emptied is a table without an owner, which is adopted', async (t) => {
  const manager = new Manager(join(guarded.folder, 'notify3'));
  t.teardown(() => manager.close());
  await manager.start();
  await manager.end('SIGKILL');
  manager.order('drop');
  await sleep(100);
  t.same((await manager.start()).stored, ['nftables']);
  t.match(guarded.status(), { owned: true, bans: 1, elements: 1 });
  await manager.end('SIGTERM');
});

t.test('what is stored is thrown away where it is not used any more', async (t) => {
  const manager = new Manager(join(guarded.folder, 'notify4'));
  t.teardown(() => manager.close());
  await manager.start();
  await manager.end('SIGTERM');
  const text = `[service]\nstate = "${guarded.folder}/state"\nsocket = "${guarded.socket}"\n`;
  writeFileSync(config, `${text}[backend]\nown = false\n`);
  t.same((await manager.start()).stored, []);
  t.match(guarded.status(), { bans: 1, elements: 1 });
  await manager.end('SIGTERM');
  t.match(guarded.dropset('detach', '--config', config), /deleted table inet dropset/);
});
