/** Floods of lines and of bans: reading slows, memory stays, nothing is lost. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import t from 'tap';
import { Client } from '../../src/control/client.js';
import { Faulty } from '../faults/faulty.js';
import { enterNamespace } from '../namespace.js';

enterNamespace();
const service = new Faulty(t);
const { client } = service;
const pipe = join(service.folder, 'pipe');
execFileSync('mkfifo', [pipe]);
const CONFIG = `[jail.sshd]
logpath = ["${service.log}", "${pipe}"]
maxretry = 3
findtime = "1h"
bantime = "2h"
[jail.syslog]
filter = "sshd"
syslog = "tcp://127.0.0.1:5514"
maxretry = 3
findtime = "1h"
bantime = "2h"
`;

const rss = (): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1]) * 1024;

/** The most that the service takes while something is done, in bytes. */
async function most(work: () => Promise<unknown>): Promise<number> {
  let peak = rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 50);
  await work().finally(() => clearInterval(timer));
  return Math.max(peak, rss());
}

const MB = 1_000_000;
/** What a flood may take more than a small run: queues have bounds of some megabytes, and a collector takes its time. */
const ROOM = 200 * MB;

const line = (address: string): string =>
  `${new Date().toISOString()} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;
const noise = `${new Date().toISOString()} host app[1]: ${'x'.repeat(180)}\n`;
const NOISE = 1000;

/** Megabytes of lines of which some fail: each address three times. */
function* flood(net: number, parts: number): Generator<string> {
  for (let part = 0; part < parts; part++) {
    const own = line(`10.${net}.${part >> 8}.${part & 255}`);
    yield own + noise.repeat(NOISE) + own + own;
  }
}

const lines = async (): Promise<number> => (await client.status()).lines;
const sshd = (net: number): number => service.ledger().filter(({ address }) => address.startsWith(`10.${net}.`)).length;

await service.start(CONFIG);
await client.ban({ addresses: ['192.0.2.1'] });
const small = rss();

for (const [what, net, parts, write] of [
  [
    'a file',
    1,
    700,
    async (text: Readable) => once(text.pipe(createWriteStream(service.log, { flags: 'a' })), 'finish'),
  ],
  ['a pipe', 2, 250, async (text: Readable) => once(text.pipe(createWriteStream(pipe)), 'finish')],
  [
    'a syslog socket',
    3,
    250,
    async (text: Readable) => {
      const socket = spawn('bash', ['-c', 'exec cat > /dev/tcp/127.0.0.1/5514']);
      text.pipe(socket.stdin);
      await once(socket, 'exit');
    },
  ],
] as const) {
  t.test(`${(parts * (noise.length * NOISE + 300)) / MB} MB through ${what}`, async (t) => {
    const before = await lines();
    const peak = await most(async () => {
      await write(Readable.from(flood(net, parts)));
      await service.until('all is read', async () => (await lines()) - before >= parts * (NOISE + 3));
    });
    t.equal((await lines()) - before, parts * (NOISE + 3), 'no line is lost');
    await service.until('they are banned', () => sshd(net) === parts);
    t.ok(peak - small < ROOM, `${Math.round(small / MB)} MB, ${Math.round(peak / MB)} MB at most`);
  });
}

t.test('bans from several clients at once, faster than the kernel takes them', async (t) => {
  const CLIENTS = 6;
  const EACH = 20_000;
  const list = (number: number): Readable =>
    Readable.from(
      (function* () {
        for (let index = 0; index < EACH; index += 500)
          yield Array.from({ length: 500 }, (_, more) => {
            const one = index + more;
            return `10.${20 + number}.${one >> 8}.${one & 255}\n`;
          }).join('');
      })(),
    );
  const peak = await most(() =>
    Promise.all(
      Array.from({ length: CLIENTS }, async (_, number) => {
        let banned = 0;
        for await (const event of new Client(service.socket).banStream(list(number), {}))
          if ('banned' in event) banned = event.banned;
        t.equal(banned, EACH);
      }),
    ),
  );
  // A dump of so many takes nft its time's square: the kernel's own count.
  t.match(await client.status(), { bans: CLIENTS * EACH + 1201, elements: CLIENTS * EACH + 1201 });
  t.ok(peak - small < ROOM, `${Math.round(small / MB)} MB, ${Math.round(peak / MB)} MB at most`);
  t.ok(statSync(service.log).size > 100 * MB);
});
