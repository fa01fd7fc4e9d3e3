// Somebody with an address of their own, who asks servers of a host for something. All answers are texts, undefined where none came.
import { spawn } from 'node:child_process';

/** Says what SSH_ASKPASS is asked for: OpenSSH takes no password from a pipe. */
const ASKPASS = '/usr/local/bin/say-password';
const SSH_OPTIONS = [
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'LogLevel=ERROR',
  'NumberOfPasswordPrompts=1',
];

export class Visitor {
  #machine;
  #host;

  /**
   * @param {import('./lab.mjs').Machine} machine where they sit
   * @param {import('./host.mjs').Host} host whose programs ssh is taken from
   * @param {{from: string, to: string}} addresses theirs and the host's, of one family
   */
  constructor(machine, host, { from, to }) {
    this.#machine = machine;
    this.#host = host;
    this.address = from;
    this.to = to;
  }

  /** Whether a TCP connection comes about. @returns {Promise<boolean>} */
  async reach(port) {
    return (await this.#order('reach', { port })).ok;
  }

  /** An HTTP request's status. */
  async request(details) {
    const { ok, status } = await this.#order('request', { port: 80, ...details });
    return ok ? String(status) : undefined;
  }

  /** Says lines, each after an answer; answers the last that was heard, or the one before it (-2). */
  async converse(details, which = -1) {
    return (await this.#order('converse', details)).heard?.at(which);
  }

  /** A login by ssh with a password, or with none; answers what ssh said. */
  ssh({ user, password, port = 22, timeout = 15_000 }) {
    const [first, ...words] = this.#host.entering(this.#machine);
    const how = password === undefined ? ['BatchMode=yes'] : ['PreferredAuthentications=password'];
    const options = [...SSH_OPTIONS, ...how, `ConnectTimeout=${timeout / 1000}`].flatMap((option) => ['-o', option]);
    const asked = [`SSH_ASKPASS=${ASKPASS}`, 'SSH_ASKPASS_REQUIRE=force', `PASSWORD=${password}`];
    const command = ['timeout', `${timeout / 1000}`, 'ssh', '-b', this.address, '-p', String(port), ...options];
    const child = spawn(first, [...words, ...asked, ...command, `${user}@${this.to}`, 'echo', 'welcome']);
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (text) => {
        said = (said + text).slice(-4096);
      });
    }
    return new Promise((resolve) => child.once('close', () => resolve(said.trim() || undefined)));
  }

  #order(order, details) {
    return this.#machine.order(order, { from: this.address, to: this.to, ...details });
  }
}

/** What has to be on the host for `ssh` with a password. */
export const SSH_FILES = { [ASKPASS]: '#!/bin/sh\necho "$PASSWORD"\n' };
