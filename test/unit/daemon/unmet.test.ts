import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { NftablesBackend } from '../../../src/backends/nftables/backend.js';
import { Unmet } from '../../../src/daemon/unmet.js';
import { Batch } from '../../../src/model/batch.js';
import { Prefix } from '../../../src/model/prefix.js';
import { MANUAL } from '../../../src/model/street.js';
import { ip } from '../../interfaces.js';
import { enterNamespace } from '../../namespace.js';

enterNamespace();
ip('address add 198.51.100.7/32 dev lo');

const WAIT = 20;

const PROXIED = '198.51.100.66';
const MET = '198.51.100.7';

const ban = (address: string, more: { jail?: string; until?: number | null } = {}) => ({
  kind: 'ban' as const,
  ban: { prefix: Prefix.parse(address), jail: 'web', reason: '', since: Date.now(), until: null, ...more },
});

async function opened(elementCounters: boolean): Promise<NftablesBackend> {
  const backend = new NftablesBackend({
    ...{ table: 'dropset', hook: 'prerouting', priority: -300, elementCounters, size: 1024 },
    allow: [Prefix.parse('127.0.0.0/8')],
  });
  await backend.open();
  const changes = [PROXIED, MET].map(
    (address) => ({ verb: 'add', prefix: Prefix.parse(address), until: null }) as const,
  );
  await backend.apply(new Batch(changes, Date.now()));
  return backend;
}

/** A packet of the one whose packets come. */
async function send(): Promise<void> {
  const socket = createSocket('udp4').bind(0, MET);
  await once(socket, 'listening');
  await new Promise((sent) => socket.send('x', 4000, MET, sent));
  socket.close();
}

function watching(backend: Pick<NftablesBackend, 'lookup'>, now: () => number = Date.now) {
  const said: string[] = [];
  let looks = 0;
  const unmet = new Unmet({
    lookup: (prefixes) => {
      looks++;
      return backend.lookup(prefixes);
    },
    ...{ now, wait: WAIT, problem: (sentence) => said.push(sentence) },
  });
  const looked = async (count: number): Promise<void> => {
    while (looks < count) await sleep(2);
    // Its answer is on the way.
    await sleep(20);
  };
  return { said, unmet, looked };
}

t.test('who goes on failing without a packet is told, once for his jail', async (t) => {
  const backend = await opened(true);
  t.teardown(() => backend.close({ keep: false }));
  const { said, unmet, looked } = watching(backend);
  for (const address of [PROXIED, MET]) unmet.hear(ban(address));
  unmet.hear(ban(PROXIED, { jail: 'short', until: Date.now() + 1 }));
  unmet.hear(ban(PROXIED, { jail: MANUAL }));
  await send();
  unmet.hear(ban(PROXIED, { jail: 'other' }));
  unmet.hear(ban(PROXIED, { jail: 'other' }));
  t.same(said, [], 'lines may have been on their way');
  await looked(2);
  for (const jail of ['web', 'web', 'short', MANUAL]) unmet.hear(ban(PROXIED, { jail }));
  unmet.hear(ban(MET));
  t.equal(said.length, 1);
  t.match(
    said[0],
    /^jail web: 198\.51\.100\.66 was banned \S+ ago and goes on failing, and no packet of it has come: .*docs\/presets\.md/,
  );
});

t.test('what was lifted is not watched, nor what nobody can count', async (t) => {
  const backend = await opened(false);
  t.teardown(() => backend.close({ keep: false }));
  const { said, unmet, looked } = watching(backend);
  unmet.hear(ban(PROXIED));
  await looked(1);
  unmet.hear(ban(PROXIED));
  t.same(said, [], 'elements have no counters');

  const lifted = watching({
    lookup: async (prefixes) => prefixes.map((prefix) => ({ prefix, until: null, packets: 0 })),
  });
  const ends = [
    { kind: 'unban', prefix: Prefix.parse(PROXIED) },
    { kind: 'lifted', elements: 1 },
    { kind: 'end', ban: ban(PROXIED).ban },
  ] as const;
  for (const [index, end] of ends.entries()) {
    lifted.unmet.hear(ban(PROXIED));
    await lifted.looked(index + 1);
    lifted.unmet.hear(end);
    lifted.unmet.hear(ban(PROXIED));
    lifted.unmet.hear(end);
  }
  t.same(lifted.said, []);
  lifted.unmet.hearMany();
});

t.test('only the newest are watched, and a look that fails is made again', async (t) => {
  let isBroken = true;
  const asked: number[] = [];
  const { said, unmet } = watching({
    lookup: async (prefixes) => {
      asked.push(prefixes.length);
      if (isBroken) throw new Error('no answer');
      return prefixes.map((prefix) => ({ prefix, until: null, packets: 0 }));
    },
  });
  for (let index = 0; index < 1100; index++) unmet.hear(ban(`10.0.${index >> 8}.${index & 255}`));
  // Those that are old enough are looked up, at most all that are remembered.
  const all = async (): Promise<void> => {
    asked.length = 0;
    while (!asked.includes(1024)) await sleep(2);
  };
  await all();
  isBroken = false;
  await all();
  await sleep(5);
  t.equal(Math.max(...asked), 1024);
  unmet.hear(ban('10.0.0.1'));
  t.same(said, [], 'it was forgotten');
  unmet.hear(ban('10.0.4.1'));
  t.equal(said.length, 1);
});
