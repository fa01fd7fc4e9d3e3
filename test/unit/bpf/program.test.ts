import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { isThisLayout, loadProgram, MAPS, readJiffies } from '../../../src/bpf/program.js';
import { planOf, Tables } from '../../../src/bpf/tables.js';
import { xdpNative } from '../../../src/native.js';
import { frame } from '../../frames.js';

const SIZES = { addresses: 1000, prefixes: 100, counting: true };
const descriptors = (): number => readdirSync('/proc/self/fd').length;

t.test('a program, its maps, and what closing leaves', async (t) => {
  const before = descriptors();
  const program = loadProgram({ sizes: planOf(SIZES) });
  t.same(Object.keys(program.maps).sort(), [...MAPS].sort());
  t.equal(descriptors(), before + 2 + MAPS.length);
  t.match(xdpNative().inspect(program.drop), { kind: 'program', name: 'dropset', type: 6 });
  t.match(xdpNative().inspect(program.maps.buckets4), {
    kind: 'map',
    name: 'buckets4',
    ...{ entries: planOf(SIZES).buckets4 },
  });
  program.close();
  t.equal(descriptors(), before);
});

t.test('another program on the same maps judges the same', async (t) => {
  const first = loadProgram({ sizes: planOf(SIZES) });
  const tables = Tables.create(first, SIZES);
  const second = loadProgram({ maps: first.maps });
  t.teardown(() => {
    tables.close();
    first.close();
    second.close();
  });
  const record = Buffer.alloc(32);
  record.writeUInt32LE(0xc0000207, 4);
  record.writeUInt32LE(0x420, 16);
  record.writeUInt32LE(1, 20);
  record.writeDoubleLE(Number.POSITIVE_INFINITY, 24);
  t.ok(tables.apply(record));
  const { bytes } = frame('a TCP segment to port 22 from 192.0.2.7');
  for (const { drop } of [first, second]) t.equal(xdpNative().testRun(drop, bytes, 1).verdict, 1);
  t.ok(isThisLayout(first.maps.shape));
  t.notOk(isThisLayout(first.maps.scopes), 'another map');
  t.notOk(isThisLayout(first.drop), 'no map at all');
});

t.test('maps of another form are refused, and nothing stays open', async (t) => {
  const program = loadProgram({ sizes: planOf(SIZES) });
  t.teardown(() => program.close());
  const before = descriptors();
  t.throws(() => loadProgram({ maps: { ...program.maps, scopes: program.maps.allow } }), {
    name: 'BpfError',
    errno: 22,
  });
  t.throws(() => loadProgram({ sizes: { buckets4: 2 ** 30 } }), { name: 'BpfError' });
  t.equal(descriptors(), before);
});

t.test('jiffies go on, with the clock', async (t) => {
  const program = loadProgram({ sizes: planOf(SIZES) });
  t.teardown(() => program.close());
  const first = readJiffies(program);
  await sleep(200);
  const second = readJiffies(program);
  const tick = Number(second.since - first.since) / Number(second.jiffies - first.jiffies) / 1e6;
  t.ok(tick > 0.8 && tick < 12, `a tick of ${tick} ms: HZ is 100 to 1000`);
});
