import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** An address of this machine's loopback, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** What is expected, and why nothing else is taken. */
export const EXPECTED =
  'an address of loopback and a port, as "127.0.0.1:9817" or "[::1]:9817": figures go out in the clear, to whoever asks; to read them from elsewhere have a proxy with TLS and a password on this machine pass them on, or write `dropset metrics` to node_exporter\'s textfile collector';

/** Undefined for what is no such text. Names are not looked up: what they lead to may change. */
export function endpointOf(value: unknown): Endpoint | undefined {
  const [, six, four, digits] =
    (typeof value === 'string' && /^(?:\[([^\]]{1,45})\]|([^:]{1,15})):(\d{1,5})$/.exec(value)) || [];
  const host = six ?? four ?? '';
  const port = Number(digits);
  const isLoopback =
    six === undefined ? isIPv4(host) && LOOPBACK.check(host) : isIPv6(host) && LOOPBACK.check(host, 'ipv6');
  return isLoopback && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
