// A host with real servers and dropset, attackers in front of it at one cable, and people with good reasons at another.
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Host } from './host.mjs';
import { Lab } from './lab.mjs';
import { SSH_FILES, Visitor } from './visitor.mjs';

const HOST = { 4: '198.51.100.1', 6: '2001:db8:1::1' };
const NEAR = { 4: '192.0.2.1', 6: '2001:db8:2::1' };
const CLIENT = { 4: '192.0.2.7', 6: '2001:db8:2::7' };
const SOCKET = '/run/dropset/dropset.sock';
/** So long a ban of a scenario lasts: enough to look at, and to wait for its end. */
const BANTIME = 6;

export class Stage {
  #lab = new Lab();
  #attackers;
  #clients;
  #host;
  #started = new Set();
  #service;
  #events = [];
  #waiting = new Set();

  /** @param {Record<string, object>} scenarios by name: their programs run, each once, and dropset has a jail for each */
  static async open(scenarios, say = () => undefined) {
    const stage = new Stage(scenarios);
    try {
      await stage.#open(say);
    } catch (error) {
      stage.close();
      throw error;
    }
    return stage;
  }

  constructor(scenarios) {
    this.scenarios = scenarios;
  }

  async #open(say) {
    this.#host = this.#lab.add(new Host('host'));
    this.#attackers = this.#lab.machine('attackers');
    this.#clients = this.#lab.machine('clients');
    const names = Object.keys(this.scenarios);
    const attackers = names.flatMap((name) => [`${this.#attacker(name, 4)}/24`, `${this.#attacker(name, 6)}/48`]);
    this.#lab.cable([this.#attackers, 'out0', attackers], [this.#host, 'in0', [`${HOST[4]}/24`, `${HOST[6]}/48`]]);
    this.#lab.cable(
      [this.#clients, 'out1', [`${CLIENT[4]}/24`, `${CLIENT[6]}/48`]],
      [this.#host, 'in1', [`${NEAR[4]}/24`, `${NEAR[6]}/48`]],
    );
    await this.#host.boot();
    this.#host.write(SSH_FILES);
    for (const { programs } of Object.values(this.scenarios)) for (const one of programs) await this.#start(one, say);
    await this.#startDropset(say);
  }

  /** Who attacks in a scenario: each has an address, and of IPv6 a /64. */
  #attacker(name, family) {
    const number = 66 + Object.keys(this.scenarios).indexOf(name);
    return family === 4 ? `198.51.100.${number}` : `2001:db8:1:${number}::66`;
  }

  async #start(program, say) {
    if (this.#started.has(program)) return;
    this.#started.add(program);
    for (const other of program.needs ?? []) await this.#start(other, say);
    this.#host.write(program.files ?? {});
    if (program.prepare) this.#host.run('sh', '-ec', program.prepare);
    const [command, ...words] = program.command;
    const child = this.#host.start(command, words);
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (text) => {
        said = (said + text).slice(-4096);
      });
    }
    const ready = program.ready ?? `ss -Hltn 'sport = ${program.port}' | grep -q .`;
    for (let tries = 0; tries < 300; tries++) {
      if (this.#holds(ready)) {
        say(`  ${program.command.join(' ')}`);
        return;
      }
      if (child.exitCode !== null) break;
      await sleep(20);
    }
    throw new Error(`${command} did not start:\n${said}`);
  }

  #holds(test) {
    try {
      this.#host.run('sh', '-c', test);
      return true;
    } catch {
      return false;
    }
  }

  /** dropset.toml: what an operator would write, with short bans. */
  get configuration() {
    const jails = Object.entries(this.scenarios).map(
      ([name, { jail, spares = [] }]) => `[jail.${name}]\n${jail}bantime = "${BANTIME}s"\n${this.#sparing(spares)}`,
    );
    return `[log]\nformat = "json"\n${jails.join('')}`;
  }

  /** Two jails may read what one program writes: each leaves the other's attackers to it. */
  #sparing(names) {
    const addresses = names
      .filter((name) => name in this.scenarios)
      .flatMap((name) => [4, 6].map((family) => this.#attacker(name, family)));
    return addresses.length === 0 ? '' : `ignoreip = ${JSON.stringify(addresses)}\n`;
  }

  async #startDropset(say) {
    this.#host.write({ '/etc/dropset/dropset.toml': this.configuration });
    this.#service = this.#host.startDropset([]);
    createInterface({ input: this.#service.stderr }).on('line', (line) => this.#hear(line));
    const ended = new Promise((resolve) => this.#service.once('exit', resolve));
    const ready = this.event(({ event }) => event === 'start', 30_000);
    const how = await Promise.race([ready, ended]);
    if (how?.event !== 'start') throw new Error(`dropset did not start:\n${this.said()}`);
    say(`  dropset: ${how.message}`);
  }

  #hear(line) {
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      event = { event: 'text', message: line };
    }
    this.#events.push(event);
    for (const hear of this.#waiting) hear(event);
  }

  /** What the service has said. */
  said() {
    return this.#events.map(({ message }) => message).join('\n');
  }

  /** The first event, of before or of later, that a test holds for; undefined after some milliseconds. */
  event(test, timeout) {
    const before = this.#events.find(test);
    if (before) return Promise.resolve(before);
    return new Promise((resolve) => {
      const done = (event) => {
        clearTimeout(timer);
        this.#waiting.delete(hear);
        resolve(event);
      };
      const hear = (event) => test(event) && done(event);
      const timer = setTimeout(done, timeout, undefined);
      this.#waiting.add(hear);
    });
  }

  /** Who attacks in a scenario: nobody else has this address, nor its /64. */
  attacker(name, family) {
    return new Visitor(this.#attackers, this.#host, { from: this.#attacker(name, family), to: HOST[family] });
  }

  client(family) {
    return new Visitor(this.#clients, this.#host, { from: CLIENT[family], to: NEAR[family] });
  }

  /** What `GET` of a path answers at the service's socket. */
  ask(path) {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.#host.path(SOCKET), path }, async (answer) => {
        const chunks = await answer.toArray();
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  /** What a file of the host has. */
  read(path) {
    return this.#host.run('cat', path);
  }

  close() {
    this.#service?.removeAllListeners('exit');
    this.#lab.remove();
  }
}
