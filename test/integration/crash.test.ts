import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t from 'tap';
import { failuresOf } from '../../src/detection/counts.js';
import { Failures } from '../../src/jails/failures.js';
import { Random } from '../random.js';
import { Guarded } from './guarded.js';

const KILLS = 10;
const MAXRETRY = 3;

const guarded = await Guarded.for(t);
const SEED = Number(process.env.DROPSET_CRASH_SEED ?? Date.now() % 1_000_000);
const random = new Random(SEED);

/** What a service has written down: bans with how often they were said, how far its log is read, and what is counted. */
function written(folder: string) {
  const database = new Database(join(folder, 'ledger.db'), { readonly: true });
  try {
    const bans = database.prepare('SELECT address, jail, since, until, first, times FROM ban ORDER BY address').all();
    const [position] = database.prepare('SELECT position FROM position').pluck().all() as string[];
    const failures = new Failures(MAXRETRY, 600_000);
    for (const text of database.prepare('SELECT counts FROM count_log ORDER BY id').pluck().all() as string[]) {
      for (const [, address, time] of failuresOf(text)) failures.add(address, time);
    }
    return { bans, offset: position ? JSON.parse(position).offset : 0, open: pairs(failures.all()) };
  } finally {
    database.close();
  }
}

const pairs = (all: readonly (string | number)[]): string[] =>
  all.flatMap((key, index) => (index % 2 === 0 ? [`${key} ${all[index + 1]}`] : [])).sort();

/** A second service on the same log, which nobody disturbs and which drops nothing. */
async function undisturbed(): Promise<string> {
  const folder = join(guarded.folder, 'undisturbed');
  mkdirSync(folder);
  const config = join(folder, 'dropset.toml');
  const jail = `[jail.sshd]\nlogpath = ["${guarded.log}"]\nmaxretry = ${MAXRETRY}\nfindtime = "10m"\nbantime = "1h"\n`;
  const service = `[service]\nstate = "${folder}"\nsocket = "${folder}/s"\n[backend]\nkind = "memory"\n`;
  writeFileSync(config, service + jail);
  const started = guarded.host.startDropset(['--config', config]);
  await new Promise<void>((resolve) => {
    started.stderr.on('data', (text) => String(text).includes('ready: ') && resolve());
  });
  return folder;
}

/** Milliseconds since the epoch, each one once: so each failure, and each ban, can be told apart. */
let clock = Date.now() - 300_000;

function append(): void {
  const lines = Array.from({ length: random.below(80) }, () => {
    const address = `10.7.${random.below(4)}.${random.below(250)}`;
    const stamp = new Date(++clock).toISOString();
    return `${stamp} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;
  });
  appendFileSync(guarded.log, lines.join(''));
}

t.test(
  `killed ${KILLS} times while a log grows, it has banned and counted as one that never was (seed ${SEED})`,
  async (t) => {
    const folder = await undisturbed();
    let isWriting = true;
    const writing = (async () => {
      while (isWriting) {
        append();
        await sleep(random.below(20));
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(random.below(500));
      t.equal(await guarded.stop('SIGKILL'), 'SIGKILL');
      await guarded.start();
    }
    isWriting = false;
    await writing;
    const { size } = statSync(guarded.log);
    const own = join(guarded.folder, 'state');
    await guarded.until('both have read all', () => [own, folder].every((one) => written(one).offset === size));
    const [killed, other] = [written(own), written(folder)];
    t.ok(other.bans.length > 500, `${other.bans.length} bans, ${size} bytes`);
    t.ok(other.open.length > 100, `${other.open.length} open failures`);
    t.same(killed.bans, other.bans);
    t.same(killed.open, other.open);
    const addressOf = (ban: unknown): string => (ban as { address: string }).address;
    t.same(guarded.list().map(addressOf).sort(), other.bans.map(addressOf).sort());
    t.equal(guarded.status().elements, other.bans.length, 'and the kernel holds them');
    t.same(guarded.status().problems, []);
  },
);
