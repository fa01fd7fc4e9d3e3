import t from 'tap';
import type { Host } from '../../../src/doctor/host.js';
import type { Place } from '../../../src/doctor/order.js';
import { repliesFindings } from '../../../src/doctor/replies.js';

const PLACE: Place = { kind: 'nftables', table: 'dropset', hook: 'prerouting', priority: -300, spareReplies: true };
const TRACKED = { count: 3, most: 100 };

const told = (place: Partial<Place>, conntrack: Host['conntrack'] = TRACKED): string[] =>
  repliesFindings({ conntrack }, { ...PLACE, ...place }).map(
    ({ level, sentence, way }) => `${level} ${sentence} [${way}]`,
  );

t.test('where connections are tracked, they pass', async (t) => {
  t.same(told({}), ['ok replies of banned addresses to connections that this host opens pass [null]']);
});

t.test('where they are not, nobody can tell them apart', async (t) => {
  for (const conntrack of [null, { count: 0, most: 100 }]) {
    const [only, ...rest] = told({}, conntrack);
    t.match(
      only,
      /^note the kernel tracks no connections here: replies .* are dropped \[.*spare_replies = "tcp".*ct state/,
    );
    t.same(rest, []);
  }
});

t.test('an XDP program cannot', async (t) => {
  t.match(told({ kind: 'xdp' }), [/^note an XDP program knows no connections: replies .* are dropped \[.*"tcp"/]);
});

t.test('who asked for something else is told nothing', async (t) => {
  t.same(told({ spareReplies: 'tcp' }, null), []);
  t.same(told({ spareReplies: false }, null), []);
  t.same(told({ kind: 'memory' }, null), []);
});
