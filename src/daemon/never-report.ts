import type { NeverReport } from '../control/api.js';
import type { Guard, GuardOptions } from '../guard/guard.js';
import type { Prefix } from '../model/prefix.js';
import type { NeverEntry } from '../never/never-list.js';

export interface NeverReportParts {
  readonly entries: readonly NeverEntry[];
  readonly users: readonly string[];
  readonly limits: Pick<GuardOptions, 'ports' | 'widest'>;
  readonly guard: Pick<Guard, 'look'>;
}

/** Who is never banned, and what the lockout guard protects at the moment. */
export async function neverReportOf({ entries, users, limits, guard }: NeverReportParts): Promise<NeverReport> {
  const { facts } = await guard.look('current');
  return {
    entries: entries.map(({ entry, from, prefixes, since, fault }) => ({
      ...{ entry, from, addresses: prefixes.map(String) },
      since: new Date(since).toISOString(),
      fault: fault ?? null,
    })),
    users,
    guard: {
      ports: limits.ports,
      widest: { ipv4: limits.widest[4], ipv6: limits.widest[6] },
      own: facts.own.map(String),
      gateways: facts.gateways.map(String),
      resolvers: facts.resolvers.map(String),
      sessions: facts.sessions.map(({ peer, port }) => ({
        ...{ address: peer.text, port },
        user: userFrom(peer, facts.logins),
      })),
    },
  };
}

const userFrom = (peer: Prefix, logins: readonly { peer: Prefix; user: string }[]): string | null =>
  logins.find((login) => login.peer.text === peer.text)?.user ?? null;
