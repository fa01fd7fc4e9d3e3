import { setImmediate as turn } from 'node:timers/promises';
import {
  MOST_OFFENDERS,
  type OffenderQuery,
  type OffenderReport,
  type ReportedOffender,
  USUAL_OFFENDERS,
} from '../control/offenders.js';
import type { Facts } from '../guard/facts.js';
import type { Guard } from '../guard/guard.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import { LONGEST } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { isOfList } from '../model/list-source.js';
import type { Offender } from '../model/offender.js';
import { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';
import { UNCONFIRMED } from '../model/street.js';
import { parseTime } from '../model/time.js';
import type { Entry } from '../offenders/entry.js';
import { type Findings, Report } from '../offenders/report.js';

/** Rows that are looked at before others have their turn: two milliseconds. */
const PAGE = 250;

/** Milliseconds that a report goes back where it is not said. */
const USUAL = 30 * 86_400_000;

export interface OffendersOptions {
  readonly ledger: Pick<Ledger, 'offenders'>;
  /** Why a prefix must never be banned, or undefined. */
  readonly refusal: (prefix: Prefix) => string | undefined;
  readonly guard: Pick<Guard, 'look'>;
  readonly clock: Clock;
}

/** Reports of who was banned, one at a time: each reads the ledger from its begin to its end, twice where prefixes are looked for. */
export class Offenders {
  readonly #options: OffendersOptions;
  #isBusy = false;

  constructor(options: OffendersOptions) {
    this.#options = options;
  }

  /** @throws DropsetError `request` or `address` for what makes no sense, `busy` while another is being made, `ledger` */
  async report(query: OffenderQuery): Promise<OffenderReport> {
    if (this.#isBusy) throw new DropsetError('busy', 'another report is being made: ask again in some seconds');
    this.#isBusy = true;
    try {
      return await this.#made(query);
    } finally {
      this.#isBusy = false;
    }
  }

  async #made({ since: text, limit, jail, prefix, fold }: OffenderQuery): Promise<OffenderReport> {
    const now = this.#options.clock();
    const since = sinceOf(text, now);
    const around = prefix === undefined ? undefined : Prefix.parse(prefix);
    const report = new Report({
      ...{ since, now, limit: limitOf(limit) },
      isWanted: jail === undefined ? happenedHere : (name) => name === jail,
      isAsked: (one) => around === undefined || one.overlaps(around),
      isExcluded: await this.#exclusion(),
    });
    if (fold !== 'no') await this.#each(since, (offender) => report.count(offender));
    await this.#each(since, (offender) => report.add(offender));
    return reported(report.findings(), since, now);
  }

  async #each(since: number, tell: (offender: Offender) => void): Promise<void> {
    for (let page = this.#options.ledger.offenders(since, undefined, PAGE); ; ) {
      for (const offender of page.offenders) tell(offender);
      if (!page.next) return;
      await turn();
      page = this.#options.ledger.offenders(since, page.next, PAGE);
    }
  }

  /** Nobody reads in public who is trusted here, or who looks after the machine. */
  async #exclusion(): Promise<(prefix: Prefix) => boolean> {
    const { guard, refusal } = this.#options;
    const trusted = trustedBy((await guard.look()).facts);
    return (prefix) => trusted.overlapping(prefix) !== undefined || refusal(prefix) !== undefined;
  }
}

const trustedBy = ({ own, gateways, resolvers, logins }: Facts): PrefixIndex<undefined> => {
  const all = [...own, ...gateways, ...resolvers, ...logins.map(({ peer }) => peer)];
  return new PrefixIndex(all.map((prefix) => [prefix, undefined] as const));
};

/** What a list says was seen elsewhere, and what nobody confirmed was taken back. */
const happenedHere = (jail: string): boolean => !isOfList(jail) && jail !== UNCONFIRMED;

function sinceOf(text: string | undefined, now: number): number {
  const since = text === undefined ? now - USUAL : parseTime(text);
  if (since <= now && since >= now - LONGEST) return since;
  throw new DropsetError('request', `since is ${text}: give a time that is past, by 100 years at most`);
}

function limitOf(limit: number = USUAL_OFFENDERS): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_OFFENDERS) return limit;
  throw new DropsetError('request', `limit is a number from 1 to ${MOST_OFFENDERS}`);
}

const iso = (time: number): string => new Date(time).toISOString();

const reported = ({ sums, width, buckets, jails, entries }: Findings, since: number, now: number): OffenderReport => ({
  time: iso(now),
  since: iso(since),
  sums,
  timeline: { seconds: width / 1000, buckets: buckets.map(({ from, bans }) => ({ from: iso(from), bans })) },
  jails,
  offenders: entries.map(line),
});

const line = ({ prefix, offenders, bans, jails, first, last, banned }: Entry): ReportedOffender => ({
  address: prefix.text,
  ...{ offenders, bans, jails },
  ...{ first: iso(first), last: iso(last), banned },
});
