// The programs of programs.bpf.c, and what one run of them costs.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { call } from '../../../dist/bpf/failure.js';
import { readTallies } from '../../../dist/bpf/tallies.js';
import { isIPv6 } from './numbers.mjs';

const built = (name) => fileURLToPath(new URL(`../../../build/bench/${name}`, import.meta.url));
const OBJECT = built('programs.bpf.o');
const BULK = built('bulk');

/** Runs a measurement. */
const RUNS = 1_000_000;
const ROUNDS = 5;

/** linux/bpf.h */
const XDP_DROP = 1;
const XDP_PASS = 2;

/** Loads them over a program's maps; closed by the end of this process. */
export function loadPrograms(program) {
  return call('loading the benchmark', (native) => native.load(OBJECT, {}, program.maps, true, 'dropset'));
}

/** A frame of 64 bytes without a source; TCP, as it were. */
function frameOf(kind) {
  const frame = Buffer.alloc(64);
  frame.writeUInt16BE(isIPv6(kind) ? 0x86dd : 0x0800, 12);
  frame[14] = isIPv6(kind) ? 0x60 : 0x45;
  return frame;
}

function take(programs, { kind, first, count }, seed) {
  const aim = Buffer.alloc(16);
  for (const [index, value] of [kind, first, count, seed].entries()) aim.writeUInt32LE(value, index * 4);
  call('aiming', (native) => native.update(programs.maps.aims, Buffer.alloc(4), aim));
}

/** Nanoseconds a run. Every packet must have become what the aim expects. */
function measure(programs, name, aim, seed) {
  take(programs, aim, seed);
  const before = readTallies(programs.maps).verdicts;
  const { nanoseconds, verdict } = call('test run', (native) =>
    native.testRun(programs[name], frameOf(aim.kind), RUNS),
  );
  if (name === 'empty') return nanoseconds;
  const counted = readTallies(programs.maps).verdicts[aim.expect].packets - before[aim.expect].packets;
  if (counted !== RUNS || verdict !== (aim.expect === 'banned' ? XDP_DROP : XDP_PASS))
    throw new Error(`${name}: ${counted} of ${RUNS} packets were ${aim.expect}: ${JSON.stringify(aim)}`);
  return nanoseconds;
}

/**
 * The programs' times on top of the empty one, for each aim: the best of some rounds, in turn.
 *
 * @returns {Map<string, number>[]} one for each aim, by program.
 */
export function compare(programs, names, aims) {
  const all = ['empty', ...names];
  const best = aims.map(() => new Map(all.map((name) => [name, Number.POSITIVE_INFINITY])));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [index, aim] of aims.entries()) {
      // Other addresses each time: those of the round before may be in a cache still.
      for (const name of all)
        best[index].set(name, Math.min(best[index].get(name), measure(programs, name, aim, round * 7919)));
    }
  }
  for (const times of best) {
    const empty = times.get('empty');
    for (const name of names) times.set(name, times.get(name) - empty);
  }
  return best;
}

/** Puts keys into a map by batches of system calls. Milliseconds. */
export function bulk(map, keySize, keys) {
  const words = [String(keySize), 'ffffffffffffffff'];
  const output = execFileSync(BULK, words, { input: keys, stdio: ['pipe', 'pipe', 'inherit', map], encoding: 'utf8' });
  return JSON.parse(output).ns / 1e6;
}

/** Bytes of kernel memory behind a map. */
export function memoryOf(map) {
  const memlock = /^memlock:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${map}`, 'utf8'));
  return Number(memlock?.[1]);
}
