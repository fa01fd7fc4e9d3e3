// A person at a machine's keyboard: runs inside one network namespace, reads orders from standard input, a JSON object a
// line, carries them out with real sockets, and answers each with a JSON line.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { converse, reach, request } from './visits.mjs';

const BANNER = 'SSH-2.0-lab\r\n';
const open = new Map();
const pouring = new Map();
/** By sender: how many datagrams came in all, and in each tenth of a second. */
const drained = new Map();

/** Resolves with what came first: the event, or undefined after some milliseconds. */
const within = (milliseconds, promise) => {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** A TCP connection that has received its banner, or undefined. */
async function dial({ from, to, port, timeout = 500 }) {
  const socket = connect({ host: to, port, localAddress: from });
  socket.on('error', () => undefined);
  const banner = await within(
    timeout,
    once(socket, 'data').catch(() => undefined),
  );
  if (banner) return socket;
  socket.destroy();
  return undefined;
}

const failedLogin = ({ remoteAddress, remotePort }) =>
  `${new Date().toISOString()} guarded sshd[${process.pid}]: Failed password for root from ${remoteAddress} port ${remotePort} ssh2\n`;

const ORDERS = {
  /**
   * TCP and UDP echo on one port, each TCP connection greeted with a banner. With `log`, each is logged as sshd logs a
   * failed login.
   */
  async serve({ address, port, log }) {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(BANNER);
      if (log) appendFileSync(log, failedLogin(socket));
      socket.pipe(socket);
    });
    server.listen(port, address);
    const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    udp.on('message', (message, { address: sender, port: back }) => udp.send(message, back, sender));
    udp.bind(port, address);
    await Promise.all([once(server, 'listening'), once(udp, 'listening')]);
    return {};
  },

  /** Whether somebody answers a new TCP connection. */
  async connect(order) {
    const socket = await dial(order);
    socket?.destroy();
    return { ok: socket !== undefined };
  },

  /** A TCP connection that stays. */
  async open(order) {
    const socket = await dial(order);
    if (!socket) return { ok: false };
    open.set(order.name, socket);
    return { ok: true };
  },

  /** Whether the connection of that name still carries words there and back. */
  async talk({ name, timeout = 500 }) {
    const socket = open.get(name);
    const answer = once(socket, 'data').catch(() => undefined);
    socket.write('are you there?');
    return { ok: (await within(timeout, answer)) !== undefined };
  },

  /** Whether a datagram is echoed. */
  async ping({ from, to, port, timeout = 300 }) {
    const udp = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    udp.bind(0, from);
    await once(udp, 'listening');
    const echo = once(udp, 'message');
    udp.send('ping', port, to);
    const answer = await within(timeout, echo);
    udp.close();
    return { ok: answer !== undefined };
  },

  /** Sends datagrams and does not wait for answers. */
  async send({ from, to, port, count }) {
    const udp = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    udp.bind(0, from);
    await once(udp, 'listening');
    for (let i = 0; i < Math.min(count, 10_000); i++) await new Promise((sent) => udp.send('flood', port, to, sent));
    udp.close();
    return {};
  },

  /** Receives datagrams, and counts them by who sent them. */
  async drain({ address, port }) {
    const udp = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4_000_000 });
    udp.on('message', (_, { address: sender }) => {
      const arrived = drained.get(sender) ?? { count: 0, tenths: {} };
      const tenth = Math.floor(Date.now() / 100);
      arrived.count++;
      arrived.tenths[tenth] = (arrived.tenths[tenth] ?? 0) + 1;
      drained.set(sender, arrived);
    });
    udp.bind(port, address);
    await once(udp, 'listening');
    return {};
  },

  /** How many datagrams came from an address, and in which tenths of a second since the epoch. */
  async drained({ from }) {
    return drained.get(from) ?? { count: 0, tenths: {} };
  },

  /** Sends some thousand datagrams a second, until it is stopped. */
  async pour({ name, from, to, port }) {
    const udp = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    udp.bind(0, from);
    await once(udp, 'listening');
    const flood = { udp, sent: 0 };
    const burst = () => {
      for (let i = 0; i < 8; i++) udp.send('flood', port, to, (error) => (flood.sent += error ? 0 : 1));
    };
    flood.timer = setInterval(burst, 2);
    pouring.set(name, flood);
    return {};
  },

  /** Ends a flood; answers how many datagrams left. */
  async stop({ name }) {
    const { udp, timer } = pouring.get(name);
    clearInterval(timer);
    await new Promise((resolve) => setTimeout(resolve, 50));
    udp.close();
    return { sent: pouring.get(name).sent };
  },
};

Object.assign(ORDERS, { converse, reach, request });

for await (const line of createInterface({ input: process.stdin })) {
  const { id, order, ...rest } = JSON.parse(line);
  ORDERS[order](rest).then(
    (answer) => process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`),
    (error) => process.stdout.write(`${JSON.stringify({ id, error: error.message })}\n`),
  );
}
process.exit(0);
