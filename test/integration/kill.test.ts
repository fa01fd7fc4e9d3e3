/** The service is killed at chosen system calls: what was acknowledged stands, and nothing else is half there. */
import { appendFileSync, statSync } from 'node:fs';
import t, { type Test } from 'tap';
import { type Fault, Faulty } from '../faults/faulty.js';
import { enterNamespace } from '../namespace.js';

enterNamespace();
const service = new Faulty(t);
const { client } = service;
const CONFIG = `[jail.sshd]\nlogpath = ["${service.log}"]\nmaxretry = 3\nfindtime = "1h"\nbantime = "2h"\n`;

/** Addresses whose ban, or whose lifting, somebody was told of. */
const standing = new Set<string>();
const lifted = new Set<string>();

/** One request that is under way when it happens, of all of whose addresses the same is true in the end. */
interface Request {
  readonly addresses: readonly string[];
  readonly told: Promise<boolean>;
}

const addressesOf = (round: number, request: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `10.${100 + round}.${request * 40 + (index >> 8)}.${index & 255}`);

function ban(addresses: readonly string[], wanted: { for?: string } = {}): Request {
  const told = client.ban({ addresses, ...wanted }).then(
    (results) => {
      for (const { address, error } of results) if (!error) standing.add(address);
      return results.every(({ error }) => !error);
    },
    () => false,
  );
  return { addresses, told };
}

function unban(addresses: readonly string[]): Request {
  for (const address of addresses) standing.delete(address);
  const told = client.unban(addresses).then(
    () => {
      for (const address of addresses) lifted.add(address);
      return true;
    },
    () => false,
  );
  return { addresses, told };
}

const many = (round: number, requests: number, count: number): Request[] =>
  Array.from({ length: requests }, (_, request) => ban(addressesOf(round, request, count)));

/** Failed logins of a round: of three kinds of addresses, so many times each. */
const KINDS = [
  { net: 1, now: 3, later: 0, isBanned: true },
  { net: 2, now: 2, later: 1, isBanned: true },
  { net: 3, now: 2, later: 0, isBanned: false },
] as const;
const PEOPLE = 10;

const line = (address: string): string =>
  `${new Date().toISOString()} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;

function log(round: number): void {
  const lines = KINDS.flatMap(({ net, now, later }) =>
    Array.from({ length: PEOPLE }, (_, person) => [
      line(`10.${net}.${round}.${person}`).repeat(now),
      round > 0 ? line(`10.${net}.${round - 1}.${person}`).repeat(later) : '',
    ]),
  );
  appendFileSync(service.log, lines.flat().join(''));
}

interface Round {
  readonly name: string;
  readonly fault: Fault;
  /** Before the order is given, and acknowledged. */
  readonly before?: (round: number) => Request[];
  readonly work: (round: number) => Request[];
  /** Whether the log is written behind the fault only, so that it is not the log's bans that meet it. */
  readonly isQuiet?: boolean;
}

const kill = (point: Fault['point'], nth = 1): Fault => ({ point, nth, action: 'kill' });
const bans = (round: number): Request[] => many(round, 4, 50);

const ROUNDS: readonly Round[] = [
  { name: 'a request was read, and nothing done', fault: kill('a request was read'), work: bans },
  { name: 'in the middle of a commit to the ledger', fault: kill('the ledger is written', 4), work: bans },
  { name: 'the ledger has it, the kernel nothing', fault: kill('a batch is sent'), work: bans },
  { name: 'the kernel has one batch, the ledger several', fault: kill('a batch is sent', 2), work: bans },
  { name: 'the kernel has it, and nobody knows', fault: kill('the kernel has carried out a batch'), work: bans },
  { name: 'in the middle of the answers', fault: kill('an answer of the kernel is read', 2), work: bans },
  { name: 'before an acknowledgement', fault: kill('a client is answered'), work: bans },
  { name: 'behind an acknowledgement', fault: kill('a client was answered'), work: bans },
  {
    name: 'in the middle of a checkpoint',
    fault: kill('a checkpoint is written', 20),
    work: (round) => many(round, 1, 10_000),
  },
  {
    name: 'the ledger has lifted it, the kernel drops it still',
    fault: kill('a batch is sent'),
    before: (round) => many(round, 1, 50),
    work: (round) => [unban(addressesOf(round, 0, 50))],
    isQuiet: true,
  },
];

/** Rows whose time has not come. */
const live = (): Set<string> =>
  new Set(
    service
      .ledger()
      .filter(({ until }) => until === null || until > Date.now())
      .map(({ address }) => address),
  );

const without = (all: Iterable<string>, those: ReadonlySet<string>): string[] =>
  [...all].filter((one) => !those.has(one));

/** What has to be true behind every fault, once the log was read. */
async function holds(t: Test, requests: readonly Request[]): Promise<void> {
  const { size } = statSync(service.log);
  const offset = (): number =>
    service.ledger<{ position: string }>('SELECT position FROM position').map(({ position }) => JSON.parse(position))[0]
      ?.offset;
  await service.until('the log is read', () => offset() === size);
  await service.until('the kernel is told', async () => (await client.status()).writer.pending === 0);
  const [ledger, kernel] = [live(), service.kernel()];
  t.same(without(ledger, kernel), [], 'what the ledger has, the kernel drops');
  t.same(without(kernel, ledger), [], 'and nothing else');
  t.same(without(standing, ledger), [], 'every acknowledged ban is there');
  t.same(
    [...lifted].filter((address) => ledger.has(address)),
    [],
    'and none that was lifted',
  );
  for (const { addresses } of requests) {
    const there = addresses.filter((address) => ledger.has(address)).length;
    t.ok(there === 0 || there === addresses.length, `of a request all or nothing: ${there} of ${addresses.length}`);
  }
}

await service.start(CONFIG);

for (const [round, { name, fault, before, work, isQuiet }] of ROUNDS.entries()) {
  t.test(`killed: ${name}`, async (t) => {
    for (const { told } of before?.(round) ?? []) t.ok(await told);
    service.arm(fault);
    const requests = work(round);
    if (!isQuiet) log(round);
    t.equal(await service.ended(), 'SIGKILL');
    if (isQuiet) log(round);
    await Promise.all(requests.map(({ told }) => told));
    t.same(without(standing, service.kernel()), [], 'what was acknowledged is dropped by a dead service');
    await service.start(CONFIG);
    await holds(t, requests);
  });
}

t.test('killed while bans end: the ledger has forgotten them, the kernel was not told', async (t) => {
  const addresses = addressesOf(50, 0, 50);
  t.ok(await ban(addresses, { for: '1s' }).told);
  for (const address of addresses) standing.delete(address);
  service.arm(kill('a batch is sent'));
  t.equal(await service.ended(), 'SIGKILL');
  const kernel = service.kernel();
  t.notOk(addresses.some((address) => kernel.has(address)));
  await service.start(CONFIG);
  await holds(t, []);
});

t.test('killed in the middle of a start, which fills the kernel', async (t) => {
  await service.end('SIGKILL');
  await t.rejects(service.start(CONFIG, kill('a batch is sent', 3)), /SIGKILL/);
  t.same(without(standing, service.kernel()), [], 'what stood, stands');
  await service.start(CONFIG);
  await holds(t, []);
});

t.test('killed in the middle of lifting everything', async (t) => {
  service.arm(kill('a batch is sent'));
  await t.rejects(client.unbanAll(), { code: 'unreachable' });
  t.equal(await service.ended(), 'SIGKILL');
  standing.clear();
  await service.start(CONFIG);
  t.same([...live()], [], 'the ledger had lifted all of them');
  t.same([...service.kernel()], [], 'and the kernel lets them go at the start');
});

t.test('no line was lost, and none counted twice', async (t) => {
  // Those of the last round were to fail once more in the next one.
  await client.unbanAll();
  const rows = service.ledger<{ address: string; jail: string; bans: number }>(
    `SELECT address, jail, SUM(bans) AS bans FROM (SELECT address, jail, bans FROM history UNION ALL SELECT address, jail, times FROM ban)
      WHERE jail = 'sshd' GROUP BY address, jail ORDER BY address`,
  );
  const expected = KINDS.filter(({ isBanned }) => isBanned).flatMap(({ net, later }) =>
    ROUNDS.flatMap((_, round) =>
      later > 0 && round === ROUNDS.length - 1
        ? []
        : Array.from({ length: PEOPLE }, (_, person) => ({
            address: `10.${net}.${round}.${person}`,
            jail: 'sshd',
            bans: 1,
          })),
    ),
  );
  t.same(
    rows,
    expected.sort((a, b) => (a.address < b.address ? -1 : 1)),
  );
});
