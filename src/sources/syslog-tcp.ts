import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import type { InternetEndpoint } from './syslog-endpoint.js';
import { FrameSplitter } from './syslog-frames.js';
import type { Intake } from './syslog-intake.js';
import type { OpenEndpoint } from './syslog-udp.js';

export interface TcpLimits {
  /** Connections at a time. */
  readonly connections: number;
  /** Milliseconds that a connection may be silent. */
  readonly idle: number;
  /** Bytes of a message that are kept. */
  readonly message: number;
}

/**
 * RFC 6587: messages in a stream. While the intake is full nothing is read, and the senders wait.
 *
 * @throws the errno of bind or listen.
 */
export async function openTcp(
  { host, port }: InternetEndpoint,
  intake: Intake,
  limits: TcpLimits,
): Promise<OpenEndpoint> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    if (!intake.admits(socket.remoteAddress ?? '')) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    read(socket, intake, limits);
  });
  server.maxConnections = limits.connections;
  server.on('drop', () => intake.refuse());
  intake.onRoom = () => {
    for (const socket of sockets) socket.resume();
  };
  server.listen({ host, port, ipv6Only: true });
  await once(server, 'listening');
  server.on('error', (error) => intake.tell('complaint', `fails: ${error.message}`));
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

function read(socket: Socket, intake: Intake, { idle, message }: TcpLimits): void {
  const sender = socket.remoteAddress ?? '-';
  const splitter = new FrameSplitter(message, () => intake.cut());
  const accept = (frames: readonly Buffer[]): void => {
    for (const frame of frames) intake.accept(frame, sender);
  };
  socket.setTimeout(idle, () => socket.destroy());
  // A reset is the peer's way to leave; 'close' follows.
  socket.on('error', () => undefined);
  socket.on('end', () => accept([splitter.end()].filter((frame) => frame !== undefined)));
  socket.on('data', (bytes) => {
    accept(splitter.push(bytes));
    if (intake.isFull) socket.pause();
  });
}
