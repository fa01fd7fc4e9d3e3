import type { Backend } from '../backends/backend.js';
import type {
  ApiError,
  BanRequest,
  BanResult,
  ListedBan,
  Operations,
  Status,
  UnbanResult,
  VerifyProgress,
} from '../control/api.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import { parseDuration } from '../model/duration.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import { type Ban, type BanVerdict, type Element, MANUAL, type Receipt } from '../model/street.js';
import type { Audit } from './audit.js';
import type { Enforcement } from './enforcement.js';

export interface OperationsOptions {
  readonly backend: Backend;
  readonly ledger: Ledger;
  readonly enforcement: Enforcement;
  /** Why a prefix must never be banned, or undefined. */
  readonly refusal: (prefix: Prefix) => string | undefined;
  readonly status: () => Promise<Status>;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'verify'>;
}

/** What people and programs ask for over the socket: bans by hand take the same way as a jail's. */
export class ServiceOperations implements Operations {
  readonly #options: OperationsOptions;

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  status(): Promise<Status> {
    return this.#options.status();
  }

  async *list(): AsyncGenerator<readonly ListedBan[]> {
    for (const bans of this.#options.ledger.bans()) {
      const elements = await this.#options.backend.lookup(bans.map(({ prefix }) => prefix));
      yield bans.map((ban, index) => listed(ban, elements[index]));
    }
  }

  async ban(request: BanRequest): Promise<readonly BanResult[]> {
    const since = this.#options.clock();
    const duration = request.for === undefined ? null : parseDuration(request.for);
    const until = duration === null ? null : since + duration;
    const results = new Array<BanResult>(request.addresses.length);
    const verdicts: BanVerdict[] = [];
    const places: number[] = [];
    for (const [index, address] of request.addresses.entries()) {
      const prefix = this.#bannable(address);
      if (prefix instanceof DropsetError) {
        results[index] = { address, error: errorOf(prefix) };
        continue;
      }
      verdicts.push({ kind: 'ban', ban: { prefix, jail: MANUAL, reason: request.reason ?? '', since, until } });
      places.push(index);
    }
    const receipts = await this.#options.enforcement.enforce(verdicts);
    const end = iso(until);
    for (const [index, place] of places.entries()) results[place] = resultOf(receipts[index] as Receipt, end);
    return results;
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

  #bannable(address: string): Prefix | DropsetError {
    const prefix = Prefix.tryParse(address);
    if (!prefix) return notAnAddress(address);
    const refusal = this.#options.refusal(prefix);
    return refusal === undefined ? prefix : new DropsetError('never', refusal);
  }
}

function resultOf({ change, error }: Receipt, until: string | null): BanResult {
  const address = change.prefix.text;
  return error ? { address, error: errorOf(error) } : { address, until };
}

function notAnAddress(address: string): DropsetError {
  try {
    Prefix.parse(address);
  } catch (thrown) {
    if (thrown instanceof DropsetError) return thrown;
  }
  return new DropsetError('address', 'no address');
}

const errorOf = (error: DropsetError): ApiError => ({ code: error.code, message: messageOf(error) });

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

function listed(ban: Ban, element: Element | undefined): ListedBan {
  return {
    address: ban.prefix.text,
    jail: ban.jail,
    reason: ban.reason,
    since: new Date(ban.since).toISOString(),
    until: iso(ban.until),
    packets: element?.packets ?? null,
    bytes: element?.bytes ?? null,
  };
}
