import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { Lab, type Machine } from '../../scripts/lab/lab.mjs';
import type { ListedBan, Status } from '../../src/control/api.js';

export const ATTACKER = '198.51.100.66';
export const ATTACKER6 = '2001:db8:1::66';
export const NEIGHBOUR = '198.51.100.7';
export const NEIGHBOUR6 = '2001:db8:1::7';
export const GUARD = '198.51.100.1';
export const GUARD6 = '2001:db8:1::1';
export const CONTAINER = '203.0.113.2';
export const CONTAINER6 = '2001:db8:2::2';
export const PORT = 2222;

/** A host with dropset, an attacker and a clean neighbour in front of it, and a container behind it. */
export class Guarded {
  readonly outside: Machine;
  readonly host: Machine;
  readonly container: Machine;
  readonly folder = mkdtempSync(join(tmpdir(), 'dropset-test-'));
  readonly log = join(this.folder, 'auth.log');
  readonly socket = join(this.folder, 'dropset.sock');
  readonly #lab = new Lab();
  #service: ReturnType<Machine['start']> | undefined;
  said = '';

  constructor() {
    this.outside = this.#lab.machine('outside');
    this.host = this.#lab.machine('host');
    this.container = this.#lab.machine('container');
    const outside = [`${ATTACKER}/24`, `${NEIGHBOUR}/24`, `${ATTACKER6}/64`, `${NEIGHBOUR6}/64`];
    this.#lab.cable([this.outside, 'out0', outside], [this.host, 'in0', [`${GUARD}/24`, `${GUARD6}/64`]]);
    const inside = [`${CONTAINER}/24`, `${CONTAINER6}/64`];
    this.#lab.cable([this.host, 'in1', ['203.0.113.1/24', '2001:db8:2::1/64']], [this.container, 'eth0', inside]);
    this.host.run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    this.outside.run('ip', 'route', 'add', '203.0.113.0/24', 'via', GUARD);
    this.outside.run('ip', '-6', 'route', 'add', '2001:db8:2::/64', 'via', GUARD6);
    this.container.run('ip', 'route', 'add', 'default', 'via', '203.0.113.1');
    this.container.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:2::1');
    writeFileSync(this.log, '');
  }

  /** For a test file: starts everything, and takes it away at the end. */
  static async for(t: Test, more?: string): Promise<Guarded> {
    const guarded = new Guarded();
    t.teardown(() => guarded.remove());
    for (const address of [GUARD, GUARD6]) await guarded.host.order('serve', { address, port: PORT });
    for (const address of [CONTAINER, CONTAINER6]) await guarded.container.order('serve', { address, port: PORT });
    await guarded.start(more);
    return guarded;
  }

  /**
   * Writes the configuration and starts the service; resolves when the socket answers.
   *
   * @param jail what stands in place of the jail sshd, which reads `log`.
   */
  async start(more = '', words: readonly string[] = [], jail = this.#jail()): Promise<void> {
    const config = this.configure(more, jail);
    const service = this.host.startDropset(['--config', config, ...words]);
    service.stderr.on('data', (text) => {
      this.said += text;
    });
    this.#service = service;
    await this.until('the socket answers', () => this.said.includes('ready: '));
  }

  /** Writes the configuration, for a service that reads it later; answers its path. */
  configure(more = '', jail = this.#jail()): string {
    const config = join(this.folder, 'dropset.toml');
    writeFileSync(config, `[service]\nstate = "${this.folder}/state"\nsocket = "${this.socket}"\n${jail}${more}`);
    return config;
  }

  /** Sends a signal, and waits for nothing. */
  signal(name: NodeJS.Signals): void {
    this.#service?.kill(name);
  }

  #jail(): string {
    return `[jail.sshd]\nlogpath = ["${this.log}"]\nmaxretry = 3\nfindtime = "10m"\nbantime = "1h"\n`;
  }

  /** Ends the service; resolves with its exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    const service = this.#service;
    if (!service) return null;
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
      service.once('exit', (code, by) => resolve(code ?? by));
    });
    service.kill(signal);
    const how = await ended;
    this.said = '';
    return how;
  }

  /** Failed logins, as sshd logs them, now. */
  fail(address: string, times = 3, user = 'root'): void {
    const stamp = new Date().toISOString();
    const line = `${stamp} host sshd[4711]: Failed password for ${user} from ${address} port 40022 ssh2\n`;
    appendFileSync(this.log, line.repeat(times));
  }

  dropset(...words: string[]): string {
    return this.host.dropset('--socket', this.socket, ...words);
  }

  list(): ListedBan[] {
    return JSON.parse(this.dropset('list', '--json'));
  }

  status(): Status {
    return JSON.parse(this.dropset('status', '--json'));
  }

  banned(address: string): Promise<void> {
    return this.until(`${address} is banned`, () => this.list().some((ban) => ban.address === address));
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    // Each look may start a process, which takes a second on a busy machine.
    const end = performance.now() + 30_000;
    do {
      if (await holds()) return;
      await sleep(25);
    } while (performance.now() < end);
    throw new Error(`not within 30 seconds: ${what}\nthe service said:\n${this.said}`);
  }

  remove(): void {
    this.#lab.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  connect(from: string, to: string): Promise<boolean> {
    return this.outside.order('connect', { from, to, port: PORT }).then(({ ok }) => ok);
  }

  ping(from: string, to: string): Promise<boolean> {
    return this.outside.order('ping', { from, to, port: PORT }).then(({ ok }) => ok);
  }
}
