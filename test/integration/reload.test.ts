import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import t from 'tap';
import { Client } from '../../src/control/client.js';
import { Random } from '../random.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR, PORT } from './guarded.js';

const RELOADS = 20;
const SEED = Number(process.env.DROPSET_RELOAD_SEED ?? Date.now() % 1_000_000);
const random = new Random(SEED);

const guarded = await Guarded.for(t);
const client = new Client(guarded.socket);

const jail = (name: string, log = guarded.log, more = ''): string =>
  `[jail.${name}]\nfilter = "sshd"\nlogpath = ["${log}"]\nmaxretry = 3\nfindtime = "10m"\nbantime = "1h"\n${more}`;

const FAILED = String.raw`^ host sshd\[\d+\]: Failed password for root from <HOST> port`;

/** The same failures, in the words of several configurations. */
const EDITIONS = [
  'ignoreip = ["192.0.2.1"]',
  'ignoreip = ["192.0.2.2", "localhost"]\nignoreself = false',
  `logtimezone = "UTC"`,
  `datepattern = "{^LN-BEG}"`,
];

const edited = (edition: number, log = guarded.log): string => {
  const inline = `[jail.edited]\nfailregex = '''${FAILED}'''\nlogpath = ["${log}"]\nmaxretry = 3\n`;
  return `${inline}findtime = "10m"\nbantime = "2h"\n${EDITIONS[edition % EDITIONS.length]}\n`;
};

/** What a service has written down of two jails: bans with how often they were said, and how far the log is read. */
function written(folder: string) {
  const database = new Database(join(folder, 'ledger.db'), { readonly: true });
  try {
    const of = (name: string) =>
      database.prepare('SELECT address, since, until, first, times FROM ban WHERE jail = ? ORDER BY address').all(name);
    const position = database
      .prepare('SELECT position FROM position WHERE source = ?')
      .pluck()
      .get(`file ${guarded.log}`) as string | undefined;
    return { sshd: of('sshd'), edited: of('edited'), offset: position ? JSON.parse(position).offset : 0 };
  } finally {
    database.close();
  }
}

/** A second service on the same log, which is never told to reload and which drops nothing. */
async function undisturbed(): Promise<string> {
  const folder = join(guarded.folder, 'undisturbed');
  mkdirSync(folder);
  const config = join(folder, 'dropset.toml');
  const service = `[service]\nstate = "${folder}"\nsocket = "${folder}/s"\n[backend]\nkind = "memory"\n`;
  writeFileSync(config, service + jail('sshd') + edited(0));
  const started = guarded.host.startDropset(['--config', config]);
  await new Promise<void>((resolve) => {
    started.stderr.on('data', (text) => String(text).includes('ready: ') && resolve());
  });
  return folder;
}

/** Milliseconds since the epoch, each one once: so each failure, and each ban, can be told apart. */
let clock = Date.now() - 400_000;

function append(): void {
  const lines = Array.from({ length: 100 }, () => {
    const address = `10.7.${random.below(4)}.${random.below(250)}`;
    const what = random.below(4) === 0 ? 'Failed' : 'Accepted';
    return `${new Date(++clock).toISOString()} host sshd[4711]: ${what} password for root from ${address} port 40022 ssh2\n`;
  });
  appendFileSync(guarded.log, lines.join(''));
}

/** Does something while the attacker sends, and answers how many of its packets came through. */
async function besieged(work: () => Promise<void>): Promise<{ tried: number; through: number }> {
  const count = { tried: 0, through: 0 };
  let isOver = false;
  const sending = (async () => {
    for (; !isOver; count.tried++) {
      const { ok } = await guarded.outside.order('ping', { from: ATTACKER, to: GUARD, port: PORT, timeout: 10 });
      if (ok) count.through++;
    }
  })();
  await work();
  isOver = true;
  await sending;
  return count;
}

t.test(
  `${RELOADS} reloads while a log grows: nobody comes through, every failure counts once (seed ${SEED})`,
  async (t) => {
    guarded.configure('', jail('sshd') + edited(0));
    t.match(await client.reload(), {
      jails: { added: ['edited'], removed: [], changed: [], unchanged: 1 },
      restart: [],
    });
    const folder = await undisturbed();
    guarded.dropset('ban', ATTACKER);
    let isWriting = true;
    const writing = (async () => {
      while (isWriting) {
        append();
        await sleep(random.below(10));
      }
    })();
    const other = join(guarded.folder, 'other.log');
    const { tried, through } = await besieged(async () => {
      for (let times = 1; times <= RELOADS; times++) {
        await sleep(random.below(150));
        const more = times % 2 ? jail('flicker') + jail('elsewhere', other) : '';
        const never = `[never]\naddresses = ["192.0.2.${times}", "192.0.2.0/28"]\n`;
        guarded.configure(never, jail('sshd') + edited(times) + more);
        const { jails, lifted } = await client.reload();
        t.same([jails.changed, jails.unchanged, lifted], [['edited'], 1, 0], `reload ${times}`);
        t.same(times % 2 ? jails.added : jails.removed, ['flicker', 'elsewhere']);
      }
    });
    isWriting = false;
    await writing;
    const { size } = statSync(guarded.log);
    const own = join(guarded.folder, 'state');
    await guarded.until('both have read all', () => [own, folder].every((one) => written(one).offset === size));
    t.ok(tried > 100, `${tried} packets of a banned address`);
    t.equal(through, 0, 'came through');
    const [reloaded, quiet] = [written(own), written(folder)];
    t.ok(quiet.sshd.length > 200, `${quiet.sshd.length} bans of ${size} bytes`);
    t.same(reloaded.sshd, quiet.sshd, 'a jail that stays the same');
    t.same(reloaded.edited, quiet.edited, 'a jail that changes');
    const [sshd] = guarded.status().jails;
    const lines = Number(execFileSync('wc', ['-l', guarded.log], { encoding: 'utf8' }).split(' ')[0]);
    t.equal(sshd?.lines, lines, 'every line was read once');
    t.equal(
      await client
        .verify()
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => value?.differed),
      0,
    );
  },
);

/** How `dropset reload` fails. */
function refusal(): { readonly status: number; readonly stderr: string } {
  try {
    guarded.dropset('reload');
  } catch (thrown) {
    return thrown as { status: number; stderr: string };
  }
  throw new Error('it was reloaded');
}

t.test('a broken configuration changes nothing, and every fault is told', async (t) => {
  const before = guarded.status();
  const names = before.jails.map(({ name }) => name);
  const never = `[never]\naddresses = ["${ATTACKER}"]\n`;
  guarded.configure(`${never}[jail.bad]\nlogpath = "relative"\n[service.x]\n`, jail('new'));
  const faults = [/dropset\.toml:\d+: jail\.bad\.logpath: /, /dropset\.toml:\d+: service\.x: unknown/];
  guarded.said = '';
  const refused = refusal();
  t.equal(refused.status, 1);
  for (const fault of faults) t.match(refused.stderr, fault);
  await guarded.until('the log has them', () => faults.every((fault) => fault.test(guarded.said)));
  t.match(
    guarded.status().problems.at(-1),
    /the configuration was not reloaded, and the one before stays: .*dropset\.toml/,
  );
  guarded.configure(`${never}[jail.bad]\nlogpath = "${guarded.log}"\nfailregex = ["(unclosed <HOST>", "^ <HOST>$"]\n`);
  await t.rejects(client.reload(), { code: 'config', message: /jail bad is left out: .*\(unclosed/ });
  guarded.configure(`${never}[service]\ngroup = "x"`);
  await t.rejects(client.reload(), { code: 'config', message: /dropset\.toml:\d+:\d+: / }, 'no TOML');
  t.same(
    guarded.status().jails.map(({ name }) => name),
    names,
  );
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  guarded.said = '';
  guarded.signal('SIGHUP');
  await guarded.until('SIGHUP told', () => guarded.said.includes('the one before stays'));
  t.notOk(await guarded.ping(ATTACKER, GUARD));
});

t.test(
  'a new never-rule lets its packets through at once, also those of a ban around it; without it they are dropped',
  async (t) => {
    guarded.dropset('ban', '198.51.100.64/28');
    const never = `[never]\naddresses = ["${ATTACKER}"]\n`;
    guarded.configure(never);
    t.match(await client.reload(), { never: { added: [ATTACKER] }, lifted: 2 });
    t.ok(await guarded.connect(ATTACKER, GUARD));
    t.notOk(
      guarded.list().some(({ address }) => address.startsWith('198.51.100.6')),
      'no ban is left',
    );
    guarded.fail(ATTACKER);
    guarded.fail(NEIGHBOUR);
    await guarded.banned(NEIGHBOUR);
    t.ok(await guarded.connect(ATTACKER, GUARD));
    guarded.configure('');
    t.match(await client.reload(), { never: { removed: [ATTACKER] }, lifted: 0 });
    guarded.fail(ATTACKER);
    await guarded.banned(ATTACKER);
    t.notOk(await guarded.connect(ATTACKER, GUARD));
    t.same((await client.verify()[Symbol.asyncIterator]().next()).value?.faults, []);
  },
);

t.test('a jail that is added begins, one that is removed ends, and its bans stand', async (t) => {
  guarded.dropset('unban', ATTACKER, NEIGHBOUR);
  const log = join(guarded.folder, 'mail.log');
  const knock = (address: string): void =>
    appendFileSync(log, `${new Date().toISOString()} knock from ${address}\n`.repeat(3));
  knock(NEIGHBOUR);
  const mail = `[jail.mail]\nfailregex = "^ knock from <HOST>$"\nlogpath = "${log}"\nmaxretry = 3\n`;
  guarded.configure(mail);
  guarded.signal('SIGHUP');
  await guarded.until('the jail is there', () => guarded.status().jails.some(({ name }) => name === 'mail'));
  knock(ATTACKER);
  await guarded.banned(ATTACKER);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.notOk(
    guarded.list().some(({ address }) => address === NEIGHBOUR),
    'what was there before is not read',
  );
  guarded.configure('');
  t.match(await client.reload(), { jails: { removed: ['mail'] } });
  knock(NEIGHBOUR);
  guarded.fail('192.0.2.77');
  await guarded.banned('192.0.2.77');
  t.same(
    guarded
      .list()
      .filter(({ jail: name }) => name === 'mail')
      .map(({ address }) => address),
    [ATTACKER],
  );
  t.notOk(await guarded.ping(ATTACKER, GUARD));
});

t.test('what needs a restart is named, and the rest holds', async (t) => {
  guarded.configure('[backend]\ntable = "other"\n[never]\naddresses = ["192.0.2.99"]\n');
  const told = guarded.dropset('reload');
  t.match(told, /never-rules added: 192\.0\.2\.99\n/);
  t.match(told, /changed, and needs a restart: backend\.table\n/);
  t.equal(guarded.status().table, 'dropset');
  t.match(guarded.status().problems.at(-1), /backend\.table: .* needs a restart$/);
  t.throws(() => guarded.dropset('ban', '192.0.2.99'), /is covered by the never-rule/);
  t.match(await client.reload(), { restart: ['backend.table'] }, 'and again, as long as it is so');
});

t.test('asked for many times at once it is done a few times; told to stop meanwhile, it stops', async (t) => {
  guarded.configure('');
  guarded.said = '';
  await Promise.all(Array.from({ length: 50 }, () => client.reload()));
  // The first and one behind it, if all are there by then; how many more depends on how long 50 connections take here.
  await guarded.until('it is told', () => guarded.said.includes('reloaded: '));
  const done = guarded.said.split('reloaded: ').length - 1;
  t.ok(done < 25, `${done} for 50`);
  for (let times = 0; times < 5; times++) guarded.signal('SIGHUP');
  t.equal(await guarded.stop('SIGTERM'), 0);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
});
