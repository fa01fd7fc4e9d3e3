/** A banned address that goes on sending stays banned, by what the kernel has counted, and no longer than is allowed; one that is silent does not. */
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import type { Backend } from '../../src/backends/backend.js';
import { NftablesBackend } from '../../src/backends/nftables/backend.js';
import { XdpBackend } from '../../src/backends/xdp/backend.js';
import { Enforcement } from '../../src/daemon/enforcement.js';
import { Events } from '../../src/daemon/events.js';
import { Extender } from '../../src/daemon/extender.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { sentenceOf } from '../../src/model/events.js';
import { Prefix } from '../../src/model/prefix.js';
import type { BanVerdict } from '../../src/model/street.js';
import { Writer } from '../../src/writer/writer.js';
import { Flood } from '../flood/flood.js';
import { enterNamespace } from '../namespace.js';
import { optionsOf } from '../xdp.js';

enterNamespace({ bpf: true });

const BACKENDS: Readonly<Record<string, () => Backend>> = {
  nftables: () =>
    new NftablesBackend({
      ...{ table: 'dropset', hook: 'prerouting', priority: -300, elementCounters: true, size: 65_536, allow: [] },
    }),
  xdp: () => new XdpBackend(optionsOf()),
};

const ACTIVE = '192.0.2.7';
const SILENT = '192.0.2.8';
const OTHER = '192.0.2.9';

/** Milliseconds. */
const SPAN = 3000;
const MOST = 6500;

const banOf = (address: string, jail: string, since: number): BanVerdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse(address), jail, reason: '', since, until: since + SPAN },
});

const flooding = Flood.for(t);

for (const [name, make] of Object.entries(BACKENDS)) {
  t.test(`${name}: who goes on stays banned`, async (t) => {
    const flood = await flooding;
    const backend = make();
    await backend.open();
    const ledger = Ledger.open(':memory:');
    const told: string[] = [];
    const events = new Events(Date.now);
    events.listen({ hear: (event) => event.kind === 'extended' && told.push(sentenceOf(event)) });
    const enforcement = new Enforcement(ledger, new Writer(backend), { events, until: () => undefined });
    const extender = new Extender({
      extensions: ledger.extensions,
      lookup: (prefixes) => backend.lookup(prefixes),
      jails: () => [{ name: 'sshd', extend: { atMost: MOST } }, { name: 'web' }],
      extend: (all) => enforcement.extend(all),
      clock: Date.now,
      problem: (sentence) => t.fail(sentence),
      timing: { pause: 50, idle: 50, part: 60_000, last: 2000 },
    });
    const held = async (...addresses: string[]): Promise<boolean[]> =>
      (await backend.lookup(addresses.map((one) => Prefix.parse(one)))).map((element) => element !== undefined);
    const since = Date.now();
    await enforcement.enforce([banOf(ACTIVE, 'sshd', since), banOf(SILENT, 'sshd', since), banOf(OTHER, 'web', since)]);
    extender.start();
    flood.aim([ACTIVE, OTHER]);
    const first = await flood.while(() => sleep(since + SPAN - 300 - Date.now()));
    t.equal(first.through, 0, `${first.sent} packets`);
    flood.aim([ACTIVE]);
    await sleep(since + SPAN + 500 - Date.now());
    t.same(await held(ACTIVE, SILENT, OTHER), [true, false, false], 'of no other jail, and of nobody who is silent');
    const second = await flood.while(() => sleep(since + MOST - 500 - Date.now()));
    t.same([second.through, second.sent > 100], [0, true], `${second.sent} packets`);
    await sleep(since + MOST + 500 - Date.now());
    t.same(await held(ACTIVE), [false], 'not for ever');
    t.match(told, [
      /^ban of 192\.0\.2\.7 \(sshd\) lasts longer, 6s in all: \d+ more packets came$/,
      /^ban of 192\.0\.2\.7 \(sshd\) lasts longer, 6\.?5?\w*.* in all: \d+ more packets came$/,
    ]);
    await extender.stop();
    await backend.close({ keep: false });
    ledger.close();
  });
}
