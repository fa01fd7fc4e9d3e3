import { setImmediate as turn } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import type {
  ApiError,
  BanRequest,
  BanResult,
  BanTerms,
  Confirmation,
  EnterTerms,
  EventFilter,
  Explanation,
  GivenBan,
  ListedBan,
  ListFilter,
  MetricsText,
  NeverReport,
  OffenderQuery,
  OffenderReport,
  Operations,
  ReloadReport,
  Replacement,
  Status,
  UnbanResult,
  VerifyProgress,
} from '../control/api.js';
import type { Top } from '../control/top.js';
import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import { scopeText } from '../model/scope.js';
import { type Ban, type BanVerdict, type Element, isFold, type Receipt, UNCONFIRMED } from '../model/street.js';
import { formatTime } from '../model/time.js';
import type { Audit } from './audit.js';
import type { Confirmations } from './confirmations.js';
import { confirmed, unconfirmed, windowOf } from './confirming.js';
import type { Enforcement } from './enforcement.js';
import type { EventStream } from './event-stream.js';
import { notAnAddress, readerOf } from './given.js';
import { wantedBy } from './list-filter.js';
import { type NeverReportParts, neverReportOf } from './never-report.js';
import type { Offenders } from './offenders.js';
import type { Reload } from './reload.js';
import { Replacements } from './replacement.js';
import type { TopLooks } from './top.js';
import { explain, type WhyOptions } from './why.js';

/** More addresses at once are a list, and not what a person has typed. */
const LIST = 20;

export interface OperationsOptions extends WhyOptions {
  readonly configured: { readonly config: Pick<Config, 'never' | 'guard'> };
  readonly protection: Pick<NeverReportParts, 'guard' | 'entries'>;
  readonly confirmations: Confirmations;
  readonly enforcement: Enforcement;
  readonly status: () => Promise<Status>;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'verify'>;
  readonly reload: Pick<Reload, 'request' | 'confirm'>;
  readonly stream: Pick<EventStream, 'follow'>;
  readonly metrics: MetricsText;
  readonly top: Pick<TopLooks, 'look'>;
  readonly offenders: Pick<Offenders, 'report'>;
}

/** What people and programs ask for over the socket: bans by hand take the same way as a jail's. */
export class ServiceOperations implements Operations {
  readonly #options: OperationsOptions;
  readonly #replacements: Replacements;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.#replacements = new Replacements(options);
  }

  get metrics(): MetricsText {
    return this.#options.metrics;
  }

  status(): Promise<Status> {
    return this.#options.status();
  }

  async why(address: string): Promise<Explanation> {
    return explain(Prefix.parse(address), this.#options);
  }

  never(): Promise<NeverReport> {
    const { protection, configured } = this.#options;
    const { never, guard: limits } = configured.config;
    return neverReportOf({ entries: protection.entries, guard: protection.guard, users: never.users, limits });
  }

  offenders(query: OffenderQuery): Promise<OffenderReport> {
    return this.#options.offenders.report(query);
  }

  async *list(filter: ListFilter = {}): AsyncGenerator<readonly ListedBan[]> {
    const isWanted = wantedBy(filter);
    for (const page of this.#options.ledger.bans()) {
      const bans = page.filter(isWanted);
      // Others have their turn between two pages, also where a million bans are passed over.
      if (bans.length === 0) await turn();
      else yield filter.counters === 'no' ? bans.map((ban) => listed(ban)) : await this.#withCounters(bans);
    }
  }

  ban({ addresses, ...wanted }: BanRequest): Promise<readonly BanResult[]> {
    return this.enter(
      addresses.map((address) => ({ address })),
      wanted,
    );
  }

  async enter(given: readonly GivenBan[], wanted: EnterTerms, late = 0): Promise<readonly BanResult[]> {
    const lockout = await this.#lockoutOf(wanted, given.length);
    const now = this.#options.clock();
    const { refusal, confirmations } = this.#options;
    const deadline = wanted.confirmWithin === undefined ? undefined : now + windowOf(wanted.confirmWithin);
    if (deadline !== undefined) confirmations.makeRoom(given.length);
    const read = readerOf({ wanted, now, late, refusal, ...(lockout && { lockout }) });
    const results = new Array<BanResult>(given.length);
    const bans: Ban[] = [];
    const places: number[] = [];
    for (const [index, one] of given.entries()) {
      const ban = read(one);
      const result = resultWithout(ban, one.address, now);
      if (result) {
        results[index] = result;
        continue;
      }
      bans.push(ban as Ban);
      places.push(index);
    }
    const verdicts = bans.map((ban): BanVerdict => {
      return { kind: 'ban', ban: deadline === undefined ? ban : unconfirmed(ban, deadline) };
    });
    const receipts = await this.#options.enforcement.enforce(verdicts);
    const ends = new Ends();
    for (const [index, place] of places.entries()) {
      results[place] = resultOf(receipts[index] as Receipt, (verdicts[index] as BanVerdict).ban, ends);
    }
    if (deadline !== undefined) {
      confirmations.add(bans.flatMap((ban, index) => (receipts[index]?.error ? [] : { ban, deadline })));
    }
    return results;
  }

  replace(source: string): Replacement {
    return this.#replacements.begin(source);
  }

  async confirm(): Promise<Confirmation> {
    const configuration = await this.#options.reload.confirm();
    const results = await this.#confirmBans();
    if (configuration || results.length > 0) return { results, configuration };
    throw new DropsetError('request', 'no ban and no configuration waits to be confirmed');
  }

  async #confirmBans(): Promise<readonly BanResult[]> {
    const { confirmations, ledger, refusal, enforcement } = this.#options;
    // What was lifted meanwhile, or is never banned now, is not confirmed by the way.
    const pending = confirmations
      .take()
      .filter(({ ban: { prefix } }) => ledger.bansOf(prefix).some(({ jail }) => jail === UNCONFIRMED))
      .filter(({ ban: { prefix } }) => refusal(prefix) === undefined);
    if (pending.length === 0) return [];
    const receipts = await enforcement.enforce(confirmed(pending));
    const ends = new Ends();
    return pending.map(({ ban }, index) => resultOf(receipts[2 * index] as Receipt, ban, ends));
  }

  /** What a ban would cut, for who asks; undefined where it is forced. @throws DropsetError `address` for a client that is none. */
  async #lockoutOf(
    { force, client }: BanTerms,
    count: number,
  ): Promise<((prefix: Prefix) => string | undefined) | undefined> {
    const asker = client === undefined ? {} : { client: Prefix.parse(client) };
    if (force) return undefined;
    const lockout = await this.#options.protection.guard.look(count > LIST ? 'recent' : 'current');
    return (prefix) => lockout.refusal(prefix, asker);
  }

  async unban(addresses: readonly string[]): Promise<readonly UnbanResult[]> {
    const prefixes = addresses.map((address) => Prefix.tryParse(address));
    const known = prefixes.filter((prefix) => prefix !== undefined);
    const lifted = known.map((prefix) => this.#options.ledger.bansOf(prefix).length);
    // Also where the ledger knows of none: then the kernel should hold none either.
    const receipts = await this.#options.enforcement.enforce(known.map((prefix) => ({ kind: 'unban', prefix })));
    let place = 0;
    return addresses.map((address, index) => {
      if (!prefixes[index]) return { address, lifted: 0, error: errorOf(notAnAddress(address)) };
      const { change, error } = receipts[place] as Receipt;
      return {
        address: change.prefix.text,
        lifted: lifted[place++] as number,
        ...(error && { error: errorOf(error) }),
      };
    });
  }

  unbanAll(): Promise<number> {
    return this.#options.enforcement.liftAll();
  }

  verify(): AsyncIterable<VerifyProgress> {
    return this.#options.audit.verify();
  }

  async reload(within?: string): Promise<ReloadReport> {
    return this.#options.reload.request(within === undefined ? undefined : windowOf(within));
  }

  top(): Promise<Top> {
    return this.#options.top.look();
  }

  events(filter: EventFilter, signal: AbortSignal): AsyncIterable<string> {
    return this.#options.stream.follow(filter, signal);
  }

  async #withCounters(bans: readonly Ban[]): Promise<readonly ListedBan[]> {
    const { backend, ledger } = this.#options;
    const elements = await backend.lookup(bans.map(({ prefix }) => prefix));
    const without = bans.flatMap(({ prefix }, index) => (elements[index] ? [] : [prefix]));
    const folded = new Map(
      ledger
        .changesOf(without)
        .flatMap((change) => (isFold(change) ? [[change.prefix.text, change.foldedInto.text] as const] : [])),
    );
    return bans.map((ban, index) => listed(ban, elements[index], folded.get(ban.prefix.text)));
  }
}

/** The result of what does not reach the kernel; undefined for a ban that does. */
function resultWithout(ban: Ban | DropsetError, address: string, now: number): BanResult | undefined {
  if (ban instanceof DropsetError) return { address, error: errorOf(ban) };
  const { prefix, until } = ban;
  return until === null || until > now ? undefined : { address: prefix.text, until: formatTime(until), ended: true };
}

function resultOf({ error }: Receipt, { prefix, until }: Ban, ends: Ends): BanResult {
  const address = prefix.text;
  return error ? { address, error: errorOf(error) } : { address, until: ends.text(until) };
}

/** Ends as texts: thousands of bans that are given at once have the same. */
class Ends {
  #until: number | null = null;
  #text: string | null = null;

  text(until: number | null): string | null {
    if (until !== this.#until) [this.#until, this.#text] = [until, formatTime(until)];
    return this.#text;
  }
}

const errorOf = (error: DropsetError): ApiError => ({ code: error.code, message: messageOf(error) });

function listed(ban: Ban, element?: Element, folded?: string): ListedBan {
  return {
    address: ban.prefix.text,
    jail: ban.jail,
    reason: ban.reason,
    since: new Date(ban.since).toISOString(),
    until: formatTime(ban.until),
    scope: scopeText(ban.scope),
    packets: element?.packets ?? null,
    bytes: element?.bytes ?? null,
    folded: folded ?? null,
  };
}
