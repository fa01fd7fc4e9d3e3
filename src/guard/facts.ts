import { messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import { listAddresses } from '../rtnetlink/addresses.js';
import { defaultGateways } from '../rtnetlink/gateways.js';
import { type Login, listLogins } from './logins.js';
import { listResolvers } from './resolvers.js';
import { listSessions, type Session } from './sessions.js';

/** What a ban could cut this machine off from. */
export interface Facts {
  /** The machine's own addresses. */
  readonly own: readonly Prefix[];
  readonly gateways: readonly Prefix[];
  readonly resolvers: readonly Prefix[];
  /** Established on a protected port. Whoever has one may not be logged in yet. */
  readonly sessions: readonly Session[];
  readonly logins: readonly Login[];
  /** What could not be found out, as sentences. */
  readonly faults: readonly string[];
}

/** Asks the kernel and reads a few files; some milliseconds. @param ports that are protected. Never rejects. */
export async function gatherFacts(ports: readonly number[]): Promise<Facts> {
  const faults: string[] = [];
  const asked = async <T>(what: string, ask: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await ask();
    } catch (thrown) {
      faults.push(`the lockout guard does not know ${what}: ${messageOf(thrown)}`);
      return [];
    }
  };
  const [own, gateways, sessions] = await Promise.all([
    asked("the machine's own addresses", listAddresses),
    asked('the default gateways', defaultGateways),
    asked('who has a session', () => listSessions(ports)),
  ]);
  const prefixes = (all: readonly Buffer[]): Prefix[] => [
    ...new Map(all.map((bytes) => [bytes.toString('hex'), Prefix.fromBytes(bytes)])).values(),
  ];
  return {
    own: prefixes(own),
    gateways: prefixes(gateways),
    resolvers: listResolvers(),
    sessions,
    logins: listLogins(),
    faults,
  };
}
