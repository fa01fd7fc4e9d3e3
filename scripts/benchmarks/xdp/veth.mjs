// A veth pair, packets sent into it at full rate, and what receiving one of them costs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKETS = fileURLToPath(new URL('../../../build/bench/packets', import.meta.url));
const MAC = '02:00:00:00:00:02';
const HERE = '10.255.0.1';

/** Unlike any other on this machine: threads of the kernel are called after it, whatever namespace it is in. */
const IN = `in${process.pid}`;
const OUT = `out${process.pid}`;

const COUNT = 2_000_000;
/** The processor that does all of it. */
const CPU = '1';

const run = (command, ...words) => execFileSync(command, words, { encoding: 'utf8' });

const link = () => JSON.parse(run('ip', '-json', '-stats', 'link', 'show', 'dev', IN))[0];

const received = () => link().stats64.rx.packets;

/** @returns the receiving end's number. */
export function makePair() {
  run('ip', 'link', 'add', IN, 'address', MAC, 'type', 'veth', 'peer', 'name', OUT);
  for (const name of [OUT, IN]) run('ip', 'link', 'set', name, 'up');
  run('ip', 'address', 'add', `${HERE}/24`, 'dev', IN);
  run('sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', `net.ipv4.conf.${IN}.rp_filter=0`);
  // With it a veth receives by a NAPI poll as a network card does, with and without an XDP program.
  run('ethtool', '-K', IN, 'gro', 'on');
  return link().ifindex;
}

/** Has the NAPI poll done by a thread, or by whoever sends. This namespace's sysfs is nowhere mounted but here. */
function setThreaded(value) {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-sysfs-'));
  run('mount', '-t', 'sysfs', 'sysfs', folder);
  try {
    writeFileSync(join(folder, 'class/net', IN, 'threaded'), value ? '1' : '0');
  } finally {
    run('umount', folder);
    rmdirSync(folder);
  }
}

function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    // Gone since the folder was read.
    return '';
  }
}

function napiThread() {
  const found = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && nameOf(pid).startsWith(`napi/${IN}-`));
  if (!found) throw new Error(`${IN} has no NAPI thread`);
  return found;
}

/** Nanoseconds that a thread has been on a processor (Documentation/scheduler/sched-stats.rst). */
const timeOf = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ', 1)[0]);

const send = (source) =>
  JSON.parse(run('taskset', '-c', CPU, PACKETS, 'out', OUT, MAC, HERE, 'fixed', source, String(COUNT))).ns_per_packet;

/**
 * Sends twice: once with the poll where it usually is, between two batches of the sender's; once with the poll in a thread, for the time
 * of this thread. It has the sender's processor: on another one the two fight for the ring's cache lines, and whoever is so slow that
 * the ring is full pays for it.
 *
 * @returns nanoseconds a packet of each, and the packets that arrived.
 */
export function flood(source) {
  const first = received();
  const together = send(source);
  const arrived = received() - first;
  if (arrived < COUNT * 0.999) throw new Error(`${arrived} of ${COUNT} packets arrived`);
  setThreaded(true);
  const pid = napiThread();
  run('taskset', '-p', '-c', CPU, pid);
  const [before, time] = [received(), timeOf(pid)];
  send(source);
  const took = timeOf(pid) - time;
  const packets = received() - before;
  setThreaded(false);
  return { together, receiving: took / packets, packets: arrived + packets };
}
