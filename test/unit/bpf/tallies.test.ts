import t from 'tap';
import { readTallies, sum, TALLY, VERDICTS } from '../../../src/bpf/tallies.js';
import { xdpNative } from '../../../src/native.js';
import { frame } from '../../frames.js';
import { Loaded } from '../../tables.js';

const { layout } = xdpNative();
for (const [field, offset] of Object.entries(TALLY)) {
  const there = field === 'SIZE' ? 'tally' : `tally.${field.toLowerCase()}`;
  t.equal(layout[there], offset, there);
}

t.test('nothing has come yet', async (t) => {
  const { verdicts, pending } = readTallies(new Loaded(t).program.maps);
  t.same(Object.keys(verdicts), VERDICTS);
  t.same(sum(Object.values(verdicts)), { packets: 0, bytes: 0 });
  t.same(pending, []);
});

t.test('packets of all verdicts', async (t) => {
  const loaded = new Loaded(t);
  loaded.ban('192.0.2.7', '198.51.100.0/24');
  loaded.observe('192.0.2.8');
  loaded.allow('198.51.100.9');
  const sentences = {
    'a TCP segment to port 22 from 192.0.2.1': 1,
    'a TCP segment to port 22 from 192.0.2.7 of 200 bytes': 70,
    'a TCP segment to port 22 from 192.0.2.8': 3,
    'a TCP segment to port 22 from 198.51.100.9': 4,
    'a TCP segment to port 22 from 192.0.2.7 cut to 20 bytes': 5,
    'an ARP request': 6,
  };
  for (const [sentence, times] of Object.entries(sentences)) loaded.run(frame(sentence).bytes, times);
  const { verdicts } = readTallies(loaded.program.maps);
  const packets = VERDICTS.map((verdict) => verdicts[verdict].packets);
  t.same(packets, [1, 70, 3, 4, 5, 6]);
  t.equal(verdicts.banned.bytes, 70 * 200);
  t.equal(verdicts.malformed.bytes, 5 * 20);
});
