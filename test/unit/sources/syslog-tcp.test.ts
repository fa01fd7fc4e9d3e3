import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { Bell } from '../../../src/sources/bell.js';
import { Intake, type IntakeOptions } from '../../../src/sources/syslog-intake.js';
import { openTcp, type TcpLimits } from '../../../src/sources/syslog-tcp.js';

class Listening {
  readonly kinds: string[] = [];
  readonly #bell = new Bell();
  readonly #intake: Intake;
  readonly #test: Test;
  #port = 0;
  readonly #lines: string[] = [];

  constructor(test: Test, options: Partial<IntakeOptions> = {}) {
    this.#test = test;
    const onEvent: IntakeOptions['onEvent'] = ({ kind }) => this.kinds.push(kind);
    const plain = { name: 'syslog', maxLine: 65_536, allow: undefined, clock: () => 0, bell: this.#bell };
    this.#intake = new Intake({ ...plain, onEvent, ...options });
  }

  async open(limits: Partial<TcpLimits> = {}): Promise<this> {
    const all = { connections: 256, idle: 60_000, message: 70_000, ...limits };
    const endpoint = await openTcp({ kind: 'tcp', host: '127.0.0.1', port: 0 }, this.#intake, all);
    this.#port = endpoint.port as number;
    this.#test.teardown(() => endpoint.close());
    return this;
  }

  async connect(): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1');
    socket.on('error', () => undefined);
    this.#test.teardown(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  }

  take(): string {
    return this.#intake.take()?.bytes.toString() ?? '';
  }

  /** All lines, once there are so many. */
  async lines(count: number): Promise<string[]> {
    while (this.#lines.length < count) {
      await this.#bell.wait();
      this.#lines.push(...this.take().split('\n').slice(0, -1));
    }
    return this.#lines;
  }
}

t.test('frames of several senders', async (t) => {
  const listening = await new Listening(t).open();
  const [one, two] = [await listening.connect(), await listening.connect()];
  one.write('<38>sshd[1]: a\n<38>ss');
  two.write('14 <38>sshd[2]: b');
  t.same((await listening.lines(2)).sort(), ['127.0.0.1 sshd[1]: a', '127.0.0.1 sshd[2]: b']);
  one.end('hd[1]: c');
  t.equal((await listening.lines(3))[2], '127.0.0.1 sshd[1]: c');
});

t.test('a sender that breaks off loses its own message only', async (t) => {
  const listening = await new Listening(t).open();
  const [one, two] = [await listening.connect(), await listening.connect()];
  one.write('<38>sshd[1]: a\n99 <38>b');
  await listening.lines(1);
  one.resetAndDestroy();
  two.end('<38>sshd[2]: c\n');
  t.same(await listening.lines(2), ['127.0.0.1 sshd[1]: a', '127.0.0.1 sshd[2]: c']);
});

t.test('who may not send, and who is one too many', async (t) => {
  const closed = await new Listening(t, { allow: [Prefix.parse('192.0.2.0/24')] }).open();
  await once((await closed.connect()).resume(), 'close');
  t.same(closed.kinds, ['refused']);
  const small = await new Listening(t).open({ connections: 2 });
  const sockets = [await small.connect(), await small.connect()];
  await once((await small.connect()).resume(), 'close');
  t.same(small.kinds, ['refused']);
  sockets[0]?.end('<38>sshd[1]: a\n');
  t.same(await small.lines(1), ['127.0.0.1 sshd[1]: a']);
});

t.test('who is silent is let go', async (t) => {
  const listening = await new Listening(t).open({ idle: 20 });
  const socket = await listening.connect();
  await once(socket.resume(), 'close');
  t.same(listening.kinds, []);
});

t.test('a message that is too long is cut, and told', async (t) => {
  const listening = await new Listening(t).open({ message: 100 });
  (await listening.connect()).end(`<38>sshd[1]: ${'x'.repeat(200)}\n<38>sshd[1]: b\n`);
  const [long, next] = await listening.lines(2);
  t.equal(long, `127.0.0.1 sshd[1]: ${'x'.repeat(87)}`);
  t.equal(next, '127.0.0.1 sshd[1]: b');
  t.same(listening.kinds, ['oversized']);
});

t.test('while nobody takes, nothing more is read, and nothing is lost', async (t) => {
  const listening = await new Listening(t).open();
  const socket = await listening.connect();
  const line = `<38>sshd[1]: ${'x'.repeat(9990)}\n`;
  const flooded = new Promise((resolve) => socket.write(line.repeat(2000), resolve));
  const first = await Promise.race([flooded, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
  t.equal(first, 'waits');
  const waiting = listening.take();
  t.ok(waiting.length < 3_000_000, `${waiting.length} bytes`);
  t.equal((await listening.lines(2000 - waiting.split('\n').length + 1)).length, 2000 - waiting.split('\n').length + 1);
});
