import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/config.js';
import type { Status } from '../control/api.js';
import { Client } from '../control/client.js';
import { type BesideFacts, besideFindings } from '../doctor/beside.js';
import type { Examination } from '../doctor/doctor.js';
import { type Finding, finding } from '../doctor/findings.js';
import { hostFacts, rpFilterOf } from '../doctor/host.js';
import { hostFindings, type Meant } from '../doctor/judgement.js';
import { systemClock } from '../model/clock.js';
import { DropsetError } from '../model/errors.js';
import type { Invocation } from './command.js';
import { DEFAULT_CONFIG } from './default-config.js';

/** Sentences of one kind that are shown: a fail2ban tree may have hundreds. */
const MOST = 20;

/** Everything that is to be said of configuration, service and host, the gravest first. */
export async function diagnose(
  invocation: Invocation,
  { machine, backend, why, interfaces }: Examination,
): Promise<Finding[]> {
  const file = (invocation.options.config as string | undefined) ?? DEFAULT_CONFIG;
  const { config, findings } = await configuration(file, invocation.options.config !== undefined);
  const service = await serviceOf(invocation, config);
  const meant = meantBy(config, service.status);
  const host = await hostFacts(meant.state);
  const all = [
    ...(backend ? [] : [finding('fault', 'kernel', `nothing can drop packets here: ${why}`, 'modprobe nf_tables')]),
    ...findings,
    ...service.findings,
    ...hostFindings(host, { ...machine, lockdown: machine.lockdown ?? undefined }, meant),
    ...programs(interfaces, meant),
    ...(config ? besideFindings(config, { entrances: entrancesIn(interfaces), ipv6: host.ipv6 }) : []),
  ];
  const order = ['fault', 'warning', 'note', 'ok'];
  return all.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

async function configuration(
  file: string,
  isNamed: boolean,
): Promise<{ config: Config | undefined; findings: Finding[] }> {
  if (!existsSync(file) && !isNamed)
    return {
      config: undefined,
      findings: [finding('note', 'configuration', `there is no ${file}`, 'scripts/install makes one')],
    };
  const [{ checkConfiguration }, { loadSettings }, { resolveAll }] = await Promise.all([
    import('../inspection/configuration.js'),
    import('../config/config.js'),
    import('../config/resolve.js'),
  ]);
  const { faults, warnings, backend, jails } = checkConfiguration(file, systemClock);
  const told = (level: 'fault' | 'warning', sentences: readonly string[]): Finding[] =>
    sentences
      .slice(0, MOST)
      .map((sentence) => finding(level, 'configuration', sentence, `dropset config check ${file}`));
  const good =
    faults.length > 0
      ? []
      : [
          finding(
            'ok',
            'configuration',
            `${file} can be used, with ${jails.length} jail${jails.length === 1 ? '' : 's'}`,
          ),
        ];
  const config = backend === null ? undefined : resolveAll(loadSettings(file)).config;
  return { config, findings: [...told('fault', faults), ...told('warning', warnings), ...good] };
}

/** Whether it answers, and what it says of itself. */
async function serviceOf(
  invocation: Invocation,
  config: Config | undefined,
): Promise<{ status: Status | undefined; findings: Finding[] }> {
  const client = invocation.socket || !config ? invocation.client : new Client(config.service.socket);
  try {
    const status = await client.status();
    const told = status.problems
      .slice(-MOST)
      .map((problem) => finding('warning', 'service', problem, 'dropset status'));
    return {
      status,
      findings: [
        finding(
          'ok',
          'service',
          `it runs since ${status.since}, with ${status.bans} ban${status.bans === 1 ? '' : 's'}`,
        ),
        ...told,
      ],
    };
  } catch (thrown) {
    if (!(thrown instanceof DropsetError)) throw thrown;
    return { status: undefined, findings: [finding('warning', 'service', thrown.message, 'systemctl status dropset')] };
  }
}

function meantBy(config: Config | undefined, status: Status | undefined): Meant {
  const files = (config?.jails ?? []).flatMap(({ sources }) =>
    sources.flatMap((one) => (one.kind === 'file' ? [one.pattern] : [])),
  );
  const { table = 'dropset', hook = 'prerouting', priority = -300 } = config?.backend ?? {};
  const kinds = config?.backends.map(({ kind }) => kind) ?? [];
  // Of several, the one that packets pass.
  const kind = kinds.find((one) => one === 'nftables' || one === 'xdp') ?? kinds[0] ?? 'nftables';
  const { spareReplies = true } = config?.backend ?? {};
  return {
    ...{ kind, table, hook, priority, spareReplies },
    state: config?.service.state ?? '/var/lib/dropset',
    jails: config?.jails.length ?? 0,
    watched: foldersOf(files).size,
    isRunning: status !== undefined && (status.backend === kind || kinds.includes(kind)),
  };
}

/** Each folder on the way to a file is watched. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); !found.has(folder); folder = dirname(folder)) found.add(folder);
  }
  return found;
}

const entrancesIn = (interfaces: Examination['interfaces']): BesideFacts['entrances'] =>
  interfaces.filter(({ route }) => route).map(({ name }) => ({ name, rpFilter: rpFilterOf(name) }));

/** An XDP program of somebody else is asked before any hook of nftables. */
function programs(interfaces: Examination['interfaces'], { kind }: Meant): Finding[] {
  if (kind !== 'nftables') return [];
  return interfaces
    .filter(({ xdp, route }) => xdp && route)
    .map(({ name, xdp }) =>
      finding(
        'note',
        'hooks',
        `XDP program ${xdp?.program} on ${name} sees packets first: what it drops or redirects never comes to nftables`,
        `bpftool prog show id ${xdp?.program}`,
      ),
    );
}
