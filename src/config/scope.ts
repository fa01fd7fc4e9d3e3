import * as z from 'zod';
import type { Scope as Ports } from '../fail2ban/actions.js';
import { parsePorts } from '../fail2ban/ports.js';
import { readServices } from '../fail2ban/services.js';
import { DropsetError, messageOf } from '../model/errors.js';
import {
  isProtocol,
  type PortRange,
  type Ports as PortsOf,
  PROTOCOLS,
  type Protocol,
  Scope,
  scopeText,
} from '../model/scope.js';
import { suggest } from '../model/suggest.js';
import type { Fault } from './faults.js';
import type { Path } from './locate.js';

/** Whether what a jail bans is dropped, or only counted. */
export type Mode = 'drop' | 'observe';

const WHOLE: PortRange = { first: 0, last: 65_535 };

/** Characters of a list of ports: nobody has so many. */
const LONGEST = 1000;

const EXPECTED = 'ports: numbers, ranges such as "1000-1010", or names of /etc/services, as "ssh,443"';

/** Numbers and names, in one text or a list. */
export const portList = z.unknown().transform((value, context): readonly PortRange[] => {
  const words = wordsOf(value);
  const { ranges, unknown } = words === undefined ? { ranges: [], unknown: [] } : parsePorts(words, readServices());
  if (ranges.length > 0 && unknown.length === 0) return ranges;
  context.addIssue({ code: 'custom', message: `${EXPECTED}${hintOf(unknown)}`, input: value });
  return z.NEVER;
});

function wordsOf(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((one) => typeof one === 'string' || Number.isInteger(one))) return undefined;
  const text = list.join(',');
  return text.length <= LONGEST ? text : undefined;
}

function hintOf([word]: readonly string[]): string {
  if (word === undefined) return '';
  const near = suggest(word, [...readServices().keys()]);
  return `; ${JSON.stringify(word.slice(0, 40))} is none${near ? `: did you mean '${near}'?` : ''}`;
}

/** One or several names, in one text or a list. */
export const protocolList = z.unknown().transform((value, context): readonly Protocol[] => {
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[\s,]+/) : [];
  if (names.length > 0 && names.every((name) => typeof name === 'string' && isProtocol(name))) return names;
  const known = Object.keys(PROTOCOLS).map((name) => `"${name}"`);
  context.addIssue({ code: 'custom', message: `${known.join(', ')}, or several, as "tcp,udp"`, input: value });
  return z.NEVER;
});

interface Said {
  readonly port?: readonly PortRange[] | undefined;
  readonly protocol?: readonly Protocol[] | undefined;
}

/** Ports are those of TCP where nothing else is said, and a protocol alone is the whole of it. None is all traffic. */
export function portsOf({ port, protocol }: Said): readonly PortsOf[] {
  if (!port && !protocol) return [];
  return (protocol ?? ['tcp']).map((name) => ({ protocol: name, ranges: port ?? [WHOLE] }));
}

/** What is wrong with a jail's port and protocol together. */
export function scopeFaults(table: Readonly<Record<string, unknown>>, path: Path): Fault[] {
  const [port, protocol] = [portList.safeParse(table.port), protocolList.safeParse(table.protocol)];
  if (!port.success) return [];
  try {
    Scope.of(portsOf({ port: port.data, protocol: protocol.data }));
    return [];
  } catch (thrown) {
    return [{ path: [...path, 'port'], sentence: `too many: ${messageOf(thrown)}` }];
  }
}

/** The canonical text of a jail's scope. @throws DropsetError `scope` for too many ports */
export const textOf = (ports: readonly PortsOf[], mode: Mode): string => scopeText(Scope.of(ports, mode === 'observe'));

/**
 * What all ban actions of a fail2ban jail close together; none where one of them closes everything.
 *
 * @throws DropsetError `scope` where that cannot be told by ports.
 */
export function adoptedPorts(actions: readonly Ports[]): readonly PortsOf[] {
  const ports = actions.map(portsOfAction);
  return ports.some((some) => some.length === 0) ? [] : ports.flat();
}

function portsOfAction(action: Ports): readonly PortsOf[] {
  const protocols = action.protocols ?? [];
  if (action.kind === 'all' && (protocols.length === 0 || protocols.includes('all'))) return [];
  const strange = protocols.find((name) => !isProtocol(name));
  if (strange !== undefined) throw new DropsetError('scope', `protocol '${strange}' has no ports that dropset knows`);
  if (action.kind === 'all') return portsOf({ protocol: protocols.filter(isProtocol) });
  const [unknown] = action.unknown;
  if (unknown !== undefined) throw new DropsetError('scope', `there is no port '${unknown}'`);
  return portsOf({ protocol: protocols.filter(isProtocol), port: action.ranges });
}

/** Words for ports that a person gave to a command. @throws DropsetError `scope` */
export function givenPorts(port: string | undefined, protocol: string | undefined): readonly PortsOf[] {
  return portsOf({
    ...(port !== undefined && { port: read(portList, '--port', port) }),
    ...(protocol !== undefined && { protocol: read(protocolList, '--protocol', protocol) }),
  });
}

function read<T>(field: z.ZodType<T>, option: string, text: string): T {
  const { data, error } = field.safeParse(text);
  if (!error) return data;
  throw new DropsetError('scope', `${option} takes ${error.issues[0]?.message}`);
}
