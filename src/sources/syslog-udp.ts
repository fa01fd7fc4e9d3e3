import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { InternetEndpoint } from './syslog-endpoint.js';
import type { Intake } from './syslog-intake.js';
import { dropsOf } from './syslog-udp-drops.js';

/** 4 MiB, asked for; the kernel gives at most net.core.rmem_max. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/** Milliseconds between two looks at what the kernel had no room for. */
const LOOK = 10_000;

/** What listens, until it is closed. */
export interface OpenEndpoint {
  /** The port that it has; absent where there are no ports. */
  readonly port?: number;
  close(): void;
}

/**
 * RFC 5426: a datagram is a message. Node reads ahead whatever we do, so what the intake has no room for is lost, and counted, as is what
 * the kernel had no room for.
 *
 * @throws the errno of bind.
 */
export async function openUdp({ host, port }: InternetEndpoint, intake: Intake): Promise<OpenEndpoint> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  // libuv refuses the flag for IPv4.
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER, ipv6Only: type === 'udp6' });
  let looked = intake.clock();
  let drops = 0;
  socket.on('message', (message, { address }) => {
    if (!intake.admits(address)) return;
    if (intake.isFull) intake.lose(1);
    else intake.accept(message, address);
    const now = intake.clock();
    if (Math.abs(now - looked) < LOOK) return;
    looked = now;
    const all = dropsOf(host, socket.address().port);
    if (all > drops) intake.lose(all - drops);
    drops = all;
  });
  socket.bind(port, host);
  await once(socket, 'listening');
  socket.on('error', (error) => intake.tell('complaint', `fails: ${error.message}`));
  return { port: socket.address().port, close: () => socket.close() };
}
