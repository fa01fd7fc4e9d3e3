import { isIP, isIPv6 } from 'node:net';
import { DropsetError } from '../model/errors.js';
import { printable } from '../model/printable.js';

/** Where senders send to. */
export type SyslogEndpoint = InternetEndpoint | UnixEndpoint;

export interface InternetEndpoint {
  readonly kind: 'udp' | 'tcp';
  /** An address, never a name. */
  readonly host: string;
  readonly port: number;
}

export interface UnixEndpoint {
  readonly kind: 'unix';
  readonly path: string;
}

/** IANA: syslog, and syslog-conn (RFC 6587 has no port of its own). */
const PORTS = { udp: 514, tcp: 601 } as const;

const INTERNET = /^(udp|tcp):\/\/(?:\[([\da-fA-F:.]+)\]|([\d.]*))(?::(\d{1,5}))?$/;

/** struct sockaddr_un, unix(7). */
const LONGEST_PATH = 107;

/**
 * Reads `udp://127.0.0.1:5514`, `tcp://[::1]:601`, `unix:///run/dropset/log`. Without a host it is the loopback, `udp://`; all
 * interfaces must be said, `udp://0.0.0.0`. Port 0 is any that is free.
 *
 * @throws DropsetError `source`
 */
export function parseEndpoint(text: string): SyslogEndpoint {
  const endpoint = text.startsWith('unix://') ? unix(text.slice(7)) : internet(text);
  if (endpoint) return endpoint;
  const shown = printable(text.slice(0, 200));
  throw new DropsetError(
    'source',
    `'${shown}' is nothing to listen on; write udp://127.0.0.1:514, tcp://[::1]:601 or unix:///run/dropset/log`,
  );
}

function unix(path: string): UnixEndpoint | undefined {
  const fits = path.startsWith('/') && !path.includes('\0') && Buffer.byteLength(path) <= LONGEST_PATH;
  return fits ? { kind: 'unix', path } : undefined;
}

function internet(text: string): InternetEndpoint | undefined {
  const [, kind, six, four, digits] = INTERNET.exec(text.slice(0, 100)) ?? [];
  if (kind !== 'udp' && kind !== 'tcp') return undefined;
  const host = six ?? (four || '127.0.0.1');
  const port = digits === undefined ? PORTS[kind] : Number(digits);
  const isValid = isIP(host) === (six === undefined ? 4 : 6) && port <= 65_535;
  return isValid ? { kind, host, port } : undefined;
}

/** As an operator would say it: `syslog udp 127.0.0.1:514`, `syslog unix /run/dropset/log`. */
export function nameOf(endpoint: SyslogEndpoint): string {
  if (endpoint.kind === 'unix') return `syslog unix ${endpoint.path}`;
  const { kind, host, port } = endpoint;
  return `syslog ${kind} ${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
