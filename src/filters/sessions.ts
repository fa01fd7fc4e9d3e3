import type { Clock } from '../model/clock.js';
import type { Groups } from './groups.js';

/** What is known of a failure: of one line, or of a session that several lines tell of. */
export interface Finding {
  groups: Groups;
  /** Login names that the session tried, without repeats, where any were told. */
  users: string[] | undefined;
  /** The lines that count, oldest first. */
  matches: string[];
  /** Lines that do not count yet: they will if a failure follows. */
  harmless: string[];
  /** The line says that nothing failed (`<F-NOFAIL>`, `<F-MLFGAINED>`). */
  isNoFailure: boolean;
  /** Somebody failed, but it is not known who. */
  isPending: boolean;
}

interface Session {
  readonly finding: Finding;
  readonly expires: number;
}

/** How long lines of one session may be apart: fail2ban's five minutes. */
const LIFETIME = 300_000;

/** Lines that are kept of one session. */
const MOST_MATCHES = 100;

/** Never added to: lists are made anew. */
const NO_LINES: string[] = [];

/** What a line says of its session, beside its groups. */
interface Marks {
  /** Nothing failed. */
  readonly isHarmless: boolean;
  /** Access was gained, which is harmless too. */
  readonly isGain: boolean;
  /** The session is over. */
  readonly isEnd: boolean;
}

/**
 * Sessions that lines belong to (`<F-MLFID>`): a failure in one line and the address in another become one. The rules are
 * fail2ban's (`_mergeFailure`): a session's failures count even if it then gains access, when it was pending or has tried
 * several users.
 */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #now: Clock;
  readonly #capacity: number;

  /**
   * @param capacity sessions that are remembered; the oldest goes first. As many as fail2ban's: sshd has some hundred connections
   *   at a time that have not logged in (MaxStartups), and the number of a process comes again soon on a busy machine, when
   *   a session of somebody else must have been forgotten.
   */
  constructor(now: Clock, capacity = 100) {
    this.#now = now;
    this.#capacity = capacity;
  }

  /** Merges a match into its session. The finding belongs to the session: it changes with the session's next line. */
  merge(id: string, groups: Groups, lines: string[]): Finding {
    const isGain = Boolean(groups.mlfgained);
    const marks = { isGain, isHarmless: isGain || Boolean(groups.nofail), isEnd: Boolean(groups.mlfforget) };
    groups.mlfforget = undefined;
    const known = this.#get(id);
    const finding = known ? continued(known, groups, marks) : this.#begun(id, groups, marks);
    if (known && marks.isEnd) this.#sessions.delete(id);
    return settled(finding, marks, lines);
  }

  #get(id: string): Finding | undefined {
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    if (session.expires > this.#now()) return session.finding;
    this.#sessions.delete(id);
    return undefined;
  }

  #begun(id: string, groups: Groups, marks: Marks): Finding {
    const finding = findingOf(groups);
    finding.isNoFailure = marks.isHarmless;
    if (marks.isEnd) return finding;
    addUser(finding, groups.user);
    if (this.#sessions.size >= this.#capacity) this.#makeRoom();
    this.#sessions.set(id, { finding, expires: this.#now() + LIFETIME });
    return finding;
  }

  /** In the order of their beginnings, so those at the front are the first to be over. */
  #makeRoom(): void {
    for (const id of this.#sessions.keys()) {
      this.#sessions.delete(id);
      if (this.#sessions.size < this.#capacity) break;
    }
  }
}

/** A finding of one line by itself. */
export const findingOf = (groups: Groups, matches: string[] = NO_LINES): Finding => ({
  groups,
  users: undefined,
  matches,
  harmless: NO_LINES,
  isNoFailure: Boolean(groups.nofail),
  isPending: false,
});

function addUser(finding: Finding, user: string | undefined): void {
  if (!user) return;
  if (!finding.users) finding.users = [user];
  // An attacker chooses the names: two are enough to tell that there are several.
  else if (finding.users.length < MOST_MATCHES && !finding.users.includes(user)) finding.users.push(user);
}

function continued(finding: Finding, groups: Groups, { isGain, isHarmless }: Marks): Finding {
  addUser(finding, groups.user);
  // Access gained forgives what was pending.
  if (isGain) finding.isPending = false;
  // Lines that have been counted are not counted again.
  if (!finding.isNoFailure && !finding.isPending) finding.matches = NO_LINES;
  finding.groups.nofail = undefined;
  finding.groups.mlfgained = undefined;
  for (const name in groups) if (groups[name] !== undefined) finding.groups[name] = groups[name];
  finding.isNoFailure = isHarmless;
  return finding;
}

/** Decides whether the line counts, and keeps it with those that do, or with those that may later. */
function settled(finding: Finding, { isEnd }: Marks, lines: string[]): Finding {
  // Whoever tries a second user, or failed before it was known who, is not forgiven for a line without failure.
  if (finding.isPending || (finding.users !== undefined && finding.users.length > 1)) {
    finding.isNoFailure = false;
    finding.groups.nofail = undefined;
    finding.groups.mlfgained = undefined;
  }
  finding.isPending = false;
  if (!finding.isNoFailure) {
    finding.matches = joined(joined(finding.harmless, finding.matches), lines);
    finding.harmless = NO_LINES;
  } else if (!isEnd) finding.harmless = joined(finding.harmless, lines);
  return finding;
}

/** The last of both, in a list that may be one of them. */
function joined(lines: string[], more: string[]): string[] {
  if (lines.length === 0) return more;
  if (more.length === 0) return lines;
  const all = lines.concat(more);
  return all.length > MOST_MATCHES ? all.slice(-MOST_MATCHES) : all;
}
