// A sender that stamps its packets, a receiver that keeps the newest stamp, a real service between them: how long is an attacker
// heard after the line that gives it away?
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Lab } from '../lab/lab.mjs';
import { DROPSET, Service } from './service.mjs';

const PROBE = fileURLToPath(new URL('../../build/bench/probe', import.meta.url));
const PORT = '9999';
const HOST = '10.20.255.1';

/** A probe that takes orders; each answer is the lines up to `end`. */
function probe(machine, words, end) {
  const child = machine.start(PROBE, words);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (order) => {
    child.stdin.write(`${order}\n`);
    const answer = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done || value === end) return answer;
      answer.push(value);
    }
  };
}

const line = (address) =>
  `${new Date().toISOString()} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;
const source = (index) => `10.20.1.${index}`;

/** Attackers outside, a guarded host, and a service that follows one log. */
export class Front {
  static async open() {
    const front = new Front();
    front.lab = new Lab();
    const [outside, host] = [front.lab.machine('outside'), front.lab.machine('host')];
    front.lab.cable([outside, 'out0', ['10.20.255.2/16']], [host, 'in0', [`${HOST}/16`]]);
    outside.run('ip', 'route', 'add', 'local', '10.20.1.0/24', 'dev', 'lo');
    host.run('sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.in0.rp_filter=0');
    front.host = host;
    front.send = probe(outside, ['send', HOST, PORT], 'ok');
    front.receive = probe(host, ['receive', PORT], '');
    front.service = await Service.run({
      start: (words) => host.startDropset(words),
      config: '[jail.sshd]\nlogpath = ["LOG"]\nmaxretry = 3\nfindtime = "10m"\nbantime = "1h"\n',
    });
    return front;
  }

  /** Bans so many addresses beforehand. */
  fill(count) {
    const present = Array.from({ length: count }, (_, i) => `10.${30 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`);
    const ban = [process.execPath, DROPSET, '--socket', this.service.socket, 'ban', '--for', '1d', '-'];
    execFileSync('ip', ['netns', 'exec', this.host.namespace, ...ban], { input: present.join('\n') });
  }

  /**
   * Has `count` sources banned by one write to the log; answers how long each was still heard, in milliseconds.
   *
   * @param {number} interval microseconds between two packets of a source
   */
  async strike(first, count, interval) {
    await this.receive('dump');
    await this.send(`start ${source(first)} ${count} ${interval}`);
    await sleep(20);
    const lines = Array.from({ length: count }, (_, index) => line(source(first + index)).repeat(3)).join('');
    const start = process.hrtime.bigint();
    appendFileSync(this.service.log, lines);
    await sleep(150);
    await this.send('stop');
    const heard = await this.receive('dump');
    if (heard.length !== count) throw new Error(`${heard.length} of ${count} sources were heard`);
    return heard.map((text) => Number(BigInt(text.split(' ')[1]) - start) / 1e6).map((late) => Math.max(0, late));
  }

  unban() {
    const all = Array.from({ length: 200 }, (_, index) => source(index + 1));
    this.host.dropset('--socket', this.service.socket, 'unban', ...all);
  }

  async close() {
    await this.service.stop();
    this.lab.remove();
  }
}
