import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { programFault } from '../hooks/trust.js';
import { type Finding, finding } from './findings.js';

/** What a configuration means beside dropping packets itself. */
export interface Beside {
  readonly backends: readonly {
    readonly name: string;
    readonly kind: string;
    readonly file?: {
      readonly path: string;
      readonly check?: readonly string[] | undefined;
      readonly reload?: readonly string[] | undefined;
    };
  }[];
  readonly hooks: readonly {
    readonly name: string;
    readonly target: { readonly kind: string; readonly path?: string };
  }[];
}

/** What is so of the host for them. */
export interface BesideFacts {
  /** Interfaces that packets come in by, and what the kernel makes there of packets that have no way back: 0 nothing; null: unknown. */
  readonly entrances: readonly { readonly name: string; readonly rpFilter: number | null }[];
  readonly ipv6: boolean;
}

/** Findings about routes, files of denied addresses, and hooks. */
export const besideFindings = ({ backends, hooks }: Beside, facts: BesideFacts): Finding[] => [
  ...(backends.some(({ kind }) => kind === 'route') ? routeFindings(backends, facts) : []),
  ...backends.flatMap(({ name, file }) => (file ? fileFindings(name, file) : [])),
  ...hooks.flatMap(({ name, target }) => (target.path === undefined ? [] : hookFindings(name, target.path))),
];

/** Backends that see packets. */
const DROPPING: readonly string[] = ['nftables', 'xdp'];

function routeFindings(backends: Beside['backends'], { entrances, ipv6 }: BesideFacts): Finding[] {
  if (backends.some(({ kind }) => DROPPING.includes(kind))) return [];
  const open = entrances.filter(({ rpFilter }) => rpFilter === 0).map(({ name }) => name);
  const sentence = (what: string): string =>
    `${what} of banned addresses still arrive, and only answers to them are stopped: a flood costs what it did, and UDP reaches its program`;
  return [
    ...(open.length > 0
      ? [
          finding(
            'warning',
            'route',
            sentence(`without rp_filter IPv4 packets that come by ${open.join(', ')}`),
            'sysctl -w net.ipv4.conf.all.rp_filter=2, and in /etc/sysctl.d; or backend nftables',
          ),
        ]
      : []),
    ...(ipv6
      ? [finding('note', 'route', sentence('IPv6 packets'), 'there is no rp_filter of IPv6: backend nftables')]
      : []),
  ];
}

function fileFindings(
  name: string,
  { path, check, reload }: NonNullable<Beside['backends'][number]['file']>,
): Finding[] {
  const folder = dirname(path);
  const commands = [check, reload].flatMap((words) => (words?.[0] === undefined ? [] : [words[0]]));
  return [
    ...(isFolder(folder)
      ? []
      : [finding('fault', name, `${folder} is not there, so ${path} cannot be written`, 'docs/backends.md, denyfile')]),
    ...[...new Set(commands)]
      .filter((command) => command.startsWith('/') && !isProgram(command))
      .map((command) => finding('warning', name, `${command} cannot be run: it is not there, or no program`)),
  ];
}

function hookFindings(name: string, path: string): Finding[] {
  const fault = programFault(path);
  return fault === undefined ? [] : [finding('warning', `hook ${name}`, fault)];
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
