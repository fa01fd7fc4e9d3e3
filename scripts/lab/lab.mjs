// Machines to attack and to guard, made of network namespaces: nothing outside of them is touched, and all of it goes
// away at the end, also on Ctrl-C.
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const OPERATOR = fileURLToPath(new URL('operator.mjs', import.meta.url));
const DROPSET = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

let made = 0;

/** One network namespace. */
export class Machine {
  /** What has a command run inside, put before it. */
  enter;
  #children = new Set();
  #operator;
  #answers = new Map();
  #last = 0;

  /** @param {string} name what a person calls it; the namespace's name adds the process's number */
  constructor(name) {
    this.name = name;
    this.namespace = `dropset-${process.pid}-${made++}-${name}`;
    this.enter = ['ip', 'netns', 'exec', this.namespace];
    ip('netns', 'add', this.namespace);
    // Addresses work at once: nobody else could have them here, and finding that out takes a second.
    this.run('sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.default.router_solicitations=0');
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  /** Runs a command inside and answers its output. @returns {string} */
  run(command, ...words) {
    const [first, ...rest] = [...this.enter, command, ...words];
    return execFileSync(first, rest, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 256 * 1024 * 1024,
    });
  }

  /** Starts a command inside; it is killed with the machine. @returns {import('node:child_process').ChildProcessWithoutNullStreams} */
  start(command, words = [], environment = {}) {
    const [first, ...rest] = [...this.enter, command, ...words];
    const child = spawn(first, rest, { env: { ...process.env, ...environment } });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Runs the dropset command line inside. @returns {string} */
  dropset(...words) {
    return this.run(process.execPath, DROPSET, ...words);
  }

  /** Starts `dropset run` inside. */
  startDropset(words, environment = {}) {
    return this.start(process.execPath, [DROPSET, 'run', ...words], environment);
  }

  /** Has the machine's operator do something; see operator.mjs for the orders. @returns {Promise<any>} */
  async order(order, details = {}) {
    this.#operator ??= this.#employ();
    const id = ++this.#last;
    const answer = new Promise((resolve) => this.#answers.set(id, resolve));
    this.#operator.stdin.write(`${JSON.stringify({ id, order, ...details })}\n`);
    const { error, ...rest } = await answer;
    if (error) throw new Error(`${this.name}, ${order}: ${error}`);
    return rest;
  }

  remove() {
    for (const child of this.#children) child.kill('SIGKILL');
    try {
      ip('netns', 'delete', this.namespace);
    } catch {
      // It was not made, or somebody was faster.
    }
  }

  #employ() {
    const operator = this.start(process.execPath, [OPERATOR]);
    operator.stderr.pipe(process.stderr);
    createInterface({ input: operator.stdout }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line);
      this.#answers.get(id)?.(answer);
      this.#answers.delete(id);
    });
    return operator;
  }
}

/** Machines in a row, and the cables between them. */
export class Lab {
  #machines = [];

  constructor() {
    const end = () => {
      this.remove();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end);
    process.once('exit', () => this.remove());
  }

  machine(name) {
    return this.add(new Machine(name));
  }

  /** @template {Machine} M @param {M} machine is removed with the others @returns {M} */
  add(machine) {
    this.#machines.push(machine);
    return machine;
  }

  /**
   * A veth pair between two machines: an interface at each end, with addresses like 192.0.2.1/24 and 2001:db8::1/64.
   *
   * @param {[Machine, string, string[]]} left
   * @param {[Machine, string, string[]]} right
   */
  cable(left, right) {
    const [[a, nameA], [b, nameB]] = [left, right];
    ip('link', 'add', nameA, 'netns', a.namespace, 'type', 'veth', 'peer', 'name', nameB, 'netns', b.namespace);
    for (const [machine, name, addresses] of [left, right]) {
      machine.run('ip', 'link', 'set', name, 'up');
      for (const address of addresses) machine.run('ip', 'address', 'add', address, 'dev', name);
    }
  }

  remove() {
    for (const machine of this.#machines.splice(0)) machine.remove();
  }
}
