// A host with real servers and dropset, attackers in front of it at one cable, and people with good reasons at another.
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, attackerOf, BEHIND_PROXY, CLIENT, interfaceOf, PROXY } from './addresses.mjs';
import { configurationOf } from './configuration.mjs';
import { Host } from './host.mjs';
import { Lab } from './lab.mjs';
import { SSH_FILES, Visitor } from './visitor.mjs';

const SOCKET = '/run/dropset/dropset.sock';

export class Stage {
  #lab = new Lab();
  #host;
  /** Only where a scenario goes through it: a network of its own, with the host's files. */
  #proxy;
  #sides = {};
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
    for (const side of ['attackers', 'clients']) this.#sides[side] = this.#lab.machine(side);
    this.#connect('host', this.#host);
    if (Object.values(this.scenarios).some(({ through }) => through === 'proxy')) {
      this.#proxy = this.#lab.machine('proxy');
      this.#connect('proxy', this.#proxy);
      this.#lab.cable([this.#proxy, 'to-host', [`${PROXY}/24`]], [this.#host, 'from-proxy', [`${BEHIND_PROXY}/24`]]);
    }
    await this.#host.boot();
    if (this.#proxy) this.#proxy.enter = this.#host.entering(this.#proxy);
    this.#host.write(SSH_FILES);
    for (const { programs } of Object.values(this.scenarios)) for (const one of programs) await this.#start(one, say);
    await this.#startDropset(say);
  }

  /** Cables from attackers and clients to a machine. */
  #connect(place, machine) {
    const attackers = Object.keys(this.scenarios).map((_, index) => attackerOf(index));
    for (const [side, numbers] of Object.entries({ attackers, clients: [CLIENT] }))
      this.#lab.cable(
        [this.#sides[side], `to-${place}`, interfaceOf(place, side, numbers)],
        [machine, side, interfaceOf(place, side, [1])],
      );
  }

  async #start(program, say) {
    if (this.#started.has(program)) return;
    this.#started.add(program);
    for (const other of program.needs ?? []) await this.#start(other, say);
    this.#host.write(program.files ?? {});
    if (program.prepare) this.#host.run('sh', '-ec', program.prepare);
    const [command, ...words] = program.command;
    const machine = program.at === 'proxy' ? this.#proxy : this.#host;
    const child = machine.start(command, words);
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (text) => {
        said = (said + text).slice(-4096);
      });
    }
    const ready = program.ready ?? `ss -Hltn 'sport = ${program.port}' | grep -q .`;
    for (let tries = 0; tries < 300; tries++) {
      if (holds(machine, ready)) {
        say(`  ${program.command.join(' ')}`);
        return;
      }
      if (child.exitCode !== null) break;
      await sleep(20);
    }
    throw new Error(`${command} did not start:\n${said}`);
  }

  /** dropset.toml: what an operator would write, with short bans. */
  get configuration() {
    return configurationOf(this.scenarios);
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
    return this.#visitor(name, 'attackers', family, attackerOf(Object.keys(this.scenarios).indexOf(name)));
  }

  client(name, family) {
    return this.#visitor(name, 'clients', family, CLIENT);
  }

  #visitor(name, side, family, number) {
    const { through: place = 'host' } = this.scenarios[name];
    const [from, to] = [number, 1].map((number) => addressOf(place, side, family, number));
    return new Visitor(this.#sides[side], this.#host, { from, to });
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

/** Whether a shell's test holds on a machine. */
function holds(machine, test) {
  try {
    machine.run('sh', '-c', test);
    return true;
  } catch {
    return false;
  }
}
