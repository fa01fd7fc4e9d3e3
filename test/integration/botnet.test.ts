import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type } from '../terminal.js';

/** The table of docs/replay.md is what a replay answers. */
const DOCS = readFileSync('docs/replay.md', 'utf8');

const BEGIN = Date.parse('2026-03-01T00:00:00Z');
const BOTS = 5000;

/** One after the other, of 5,000 networks or of so many. */
const bot = (index: number, networks = BOTS): string => {
  const network = index % networks;
  return `${11 + (network >> 8)}.${network & 255}.7.${1 + Math.floor(index / networks)}`;
};

interface Botnet {
  readonly what: string;
  readonly rounds: number;
  /** Seconds between two attempts of the botnet. */
  readonly pause: number;
  readonly networks?: number;
  readonly user: (index: number) => string;
}

const guesses = (index: number): string => `user${index % 997}`;

const BOTNETS: readonly Botnet[] = [
  { what: 'once each, every 2 s', rounds: 1, pause: 2, user: guesses },
  { what: 'three times each, hours apart', rounds: 3, pause: 2, user: guesses },
  { what: 'once each, from 20 networks of a /24', rounds: 1, pause: 2, networks: 20, user: guesses },
  { what: 'three times each, every 15 s, against `root`', rounds: 3, pause: 15, user: () => 'root' },
];

const sshd = (seconds: number, what: string): string =>
  `${new Date(BEGIN + seconds * 1000).toISOString()} host sshd[4711]: ${what} port 40022 ssh2\n`;

const attempts = ({ rounds, pause, networks, user }: Botnet): string =>
  Array.from({ length: BOTS * rounds }, (_, index) =>
    sshd(index * pause, `Failed password for ${user(index)} from ${bot(index % BOTS, networks)}`),
  ).join('');

const NETWORKS =
  '[jail.networks]\nrecidive = "sshd"\nprefix = { ipv4 = 24 }\nmaxretry = 8\nfindtime = "1d"\nbantime = "7d"\n';

async function replay(t: Test, log: string, jail: string) {
  const folder = t.testdir({ 'auth.log': log });
  const toml = join(folder, 'dropset.toml');
  writeFileSync(
    toml,
    `[service]\nstate = "${folder}/state"\n[jail.sshd]\nlogpath = "${folder}/auth.log"\nbantime = "7d"\n${jail}`,
  );
  const { code, stdout, stderr } = await type(['replay', '--config', toml, '--json', join(folder, 'auth.log')]);
  t.same([code, stderr], [0, '']);
  return JSON.parse(stdout) as {
    jails: { failures: number; dropped: number }[];
    bans: { address: string; jail: string }[];
    sieges: { jail: string; user: string | null }[];
  };
}

const number = (count: number): string => count.toLocaleString('en-US');

t.test('how many attempts of a botnet get through', async (t) => {
  for (const botnet of BOTNETS) {
    const log = attempts(botnet);
    const through: number[] = [];
    for (const jail of ['', 'siege = {}\n', `siege = {}\n${NETWORKS}`]) {
      const { jails, sieges } = await replay(t, log, jail);
      const { failures = 0, dropped = 0 } = jails[0] ?? {};
      t.equal(failures + dropped, BOTS * botnet.rounds);
      t.equal(sieges.length, jail === '' ? 0 : 1, 'one siege, which goes on as long as the attack');
      through.push(failures);
    }
    const row = `| ${[botnet.what, ...[BOTS * botnet.rounds, ...through].map(number)].join(' | ')} |`;
    t.ok(DOCS.includes(row), row);
  }
});

t.test('what it costs people who mistype once meanwhile', async (t) => {
  const people = (name: string, network: number, what: string, from: number): string =>
    Array.from({ length: 50 }, (_, index) =>
      sshd(from + index * 100, `${what} for ${name}${index} from 192.0.${network}.${index}`),
    ).join('');
  const log = [
    people('known', 2, 'Accepted password', -86_400),
    attempts(BOTNETS[0] as Botnet),
    people('known', 2, 'Failed password', 2_000),
    people('unknown', 3, 'Failed password', 2_000),
  ];
  // Of one log the lines stay in their order.
  const sorted = log.join('').trimEnd().split('\n').sort().join('\n');
  const { bans } = await replay(t, `${sorted}\n`, 'siege = {}\n');
  const banned = (prefix: string): number => bans.filter(({ address }) => address.startsWith(prefix)).length;
  t.same([banned('192.0.2.'), banned('192.0.3.')], [0, 50]);
  t.ok(DOCS.includes('of 50 people who had logged in before, 0 are banned; of 50 who had not, 50'));
});
