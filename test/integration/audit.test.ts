/** What the audit finds of a table that nobody watches: each thing by itself, by the minute's look and by a verification. */
import { execFileSync } from 'node:child_process';
import t from 'tap';
import { NftablesBackend } from '../../src/backends/nftables/backend.js';
import { Audit } from '../../src/daemon/audit.js';
import { Comparison } from '../../src/daemon/comparison.js';
import { Enforcement } from '../../src/daemon/enforcement.js';
import { Events } from '../../src/daemon/events.js';
import { Healing } from '../../src/daemon/healing.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { levelOf, sentenceOf } from '../../src/model/events.js';
import { Prefix } from '../../src/model/prefix.js';
import type { Verdict } from '../../src/model/street.js';
import { Writer } from '../../src/writer/writer.js';
import { kernelElements } from '../faults/faulty.js';
import { enterNamespace, nftList } from '../namespace.js';

enterNamespace();
const HOUR = 3_600_000;
const problems: string[] = [];
const events = new Events(Date.now);
events.listen({ hear: (event) => void (levelOf(event) !== 'info' && problems.push(sentenceOf(event))) });
const problem = (sentence: string): void => events.problem(sentence);
const backend = new NftablesBackend({
  ...{ table: 'dropset', hook: 'prerouting', priority: -300, elementCounters: false, size: 65_536, allow: [] },
  own: false,
});
await backend.open();
const ledger = Ledger.open(':memory:');
const healing: Healing = new Healing(backend, {
  problem,
  tell: (event) => events.tell(event),
  refill: () => enforcement.restore(),
  rewrite: (prefixes) => enforcement.rewrite(prefixes),
  // An hour later at each look: this is no fight.
  now: () => (now += HOUR),
});
let now = 0;
const enforcement = new Enforcement(ledger, new Writer(healing), { events, until: () => undefined });
const audit = new Audit({
  ...{ ledger, healing, isWhole: () => true, clock: Date.now, problem },
  comparison: new Comparison({ ledger, backend, clock: Date.now, pauses: [1] }),
});
t.teardown(async () => {
  await healing.stop();
  await backend.close({ keep: false });
  ledger.close();
});

const addresses = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '198.51.100.0/24'];
await enforcement.enforce(
  addresses.map((address): Verdict => {
    const since = Date.now();
    const ban = { prefix: Prefix.parse(address), jail: 'sshd', reason: '', since, until: since + 10 * HOUR };
    return { kind: 'ban', ban };
  }),
);

const nft = (...words: string[]): unknown => execFileSync('nft', words);
/** What nft prints, but for the time that is left. */
const table = (): string =>
  nftList('table', 'inet', 'dropset')
    .replace(/ timeout \S+ expires \S+/g, '')
    .replace(/\t\tsize.*\n/g, '');
const PRE = ['inet', 'dropset', 'prerouting'];

/** What somebody does, and how many elements are written again for it. */
const HARM: Readonly<Record<string, { does: () => void; atLeast: number }>> = {
  'an element removed': {
    does: () => nft('delete', 'element', 'inet', 'dropset', 'ban4', '{ 192.0.2.1 }'),
    atLeast: 1,
  },
  'an element added': { does: () => nft('add', 'element', 'inet', 'dropset', 'ban6', '{ 2001:db8::bad }'), atLeast: 1 },
  'an element whose end was changed': {
    does: () => {
      nft('delete', 'element', 'inet', 'dropset', 'ban4', '{ 192.0.2.2 }');
      nft('add', 'element', 'inet', 'dropset', 'ban4', '{ 192.0.2.2 timeout 1h }');
    },
    atLeast: 1,
  },
  'a rule removed': { does: () => nft('flush', 'chain', 'inet', 'dropset', 'banned4'), atLeast: 4 },
  'a rule added': { does: () => nft('insert', 'rule', ...PRE, 'ip', 'saddr', '192.0.2.1', 'accept'), atLeast: 4 },
  'a set removed': {
    does: () => {
      nft('flush', 'chain', ...PRE);
      nft('delete', 'set', 'inet', 'dropset', 'ban6');
    },
    atLeast: 4,
  },
  'another priority': {
    does: () => {
      nft('flush', 'chain', ...PRE);
      nft('delete', 'chain', ...PRE);
      nft('add', 'chain', ...PRE, '{ type filter hook prerouting priority 300; }');
    },
    atLeast: 4,
  },
  'another hook': {
    does: () => {
      nft('flush', 'chain', ...PRE);
      nft('delete', 'chain', ...PRE);
      nft('add', 'chain', ...PRE, '{ type filter hook output priority -300; }');
    },
    atLeast: 4,
  },
  'the table put to sleep': { does: () => nft('add', 'table', 'inet', 'dropset', '{ flags dormant; }'), atLeast: 4 },
  'the table removed': { does: () => nft('delete', 'table', 'inet', 'dropset'), atLeast: 4 },
};

async function verified(): Promise<void> {
  for await (const _ of audit.verify());
}

for (const [how, look] of Object.entries({ 'the look of a minute': () => audit.run(), verify: verified })) {
  for (const [what, { does, atLeast }] of Object.entries(HARM)) {
    t.test(`${how}: ${what}`, async (t) => {
      const sound = table().split('\n').sort();
      const [repaired, said] = [healing.repaired, problems.length];
      does();
      await look();
      await healing.healed();
      t.same(table().split('\n').sort(), sound);
      t.same([...kernelElements()].sort(), [...addresses].sort());
      t.ok(healing.repaired - repaired >= atLeast, `${healing.repaired - repaired} written again`);
      t.ok(problems.length > said, problems.at(-1) ?? '');
      const before = healing.repaired;
      await audit.run();
      t.equal(healing.repaired, before, 'once');
    });
  }
}
