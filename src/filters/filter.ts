import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import type { Failure, Line } from '../model/street.js';
import { findDate, type Stamp } from './dates.js';
import type { FilterDefinition } from './definition.js';
import { translate } from './translate.js';

/** Clocks of two machines may differ; a date further ahead is wrong, and would make a ban last longer. */
const AHEAD = 60_000;

export interface FilterOptions {
  readonly clock: Clock;
}

/**
 * Makes a filter that can match.
 *
 * @throws DropsetError `filter`, for a regular expression that cannot be translated or blames nobody.
 */
export function compileFilter(definition: FilterDefinition, { clock }: FilterOptions): Filter {
  const compile = (python: string, needsHost: boolean): RegExp => {
    try {
      return translate(python, needsHost);
    } catch (error) {
      throw new DropsetError('filter', `${definition.origin}: ${messageOf(error)}`, { cause: error });
    }
  };
  const failregex = definition.failregex.map((python) => compile(python, true));
  const ignoreregex = definition.ignoreregex.map((python) => compile(python, false));
  warmUp([...failregex, ...ignoreregex]);
  return new Filter(definition.name, failregex, ignoreregex, clock);
}

/** V8 compiles an expression at its second use; better at start than while somebody attacks. */
function warmUp(expressions: readonly RegExp[]): void {
  for (const line of [' host sshd[1]: Failed', ' host kernel: ', ''])
    for (const expression of expressions) expression.test(line);
}

/** Says what a line means: that somebody failed, or nothing. */
export class Filter {
  readonly name: string;
  readonly #failregex: readonly RegExp[];
  readonly #ignoreregex: readonly RegExp[];
  readonly #clock: Clock;
  #unresolved = 0;
  #invalid = 0;
  #ignored = 0;

  constructor(name: string, failregex: readonly RegExp[], ignoreregex: readonly RegExp[], clock: Clock) {
    this.name = name;
    this.#failregex = failregex;
    this.#ignoreregex = ignoreregex;
    this.#clock = clock;
  }

  /** Lines that blamed a host name. Names are not resolved: whoever owns a name decides which address it has. */
  get unresolved(): number {
    return this.#unresolved;
  }

  /** Lines that blamed what is no address, as 999.1.1.1, or nobody. */
  get invalid(): number {
    return this.#invalid;
  }

  /** Lines that ignoreregex took back. */
  get ignored(): number {
    return this.#ignored;
  }

  /** The first failregex that hits wins; it is searched in the line without its date, as in fail2ban. */
  match(line: Line): Failure | undefined {
    const stamp = findDate(line.text);
    const text = stamp ? line.text.slice(0, stamp.start) + line.text.slice(stamp.end) : line.text;
    const found = this.#firstHit(text);
    if (!found) return undefined;
    if (this.#ignoreregex.some((regex) => regex.test(text))) {
      this.#ignored++;
      return undefined;
    }
    const prefix = this.#blamed(found);
    return prefix && { prefix, time: this.#timeOf(stamp), line };
  }

  #firstHit(text: string): RegExpExecArray | undefined {
    for (const regex of this.#failregex) {
      const found = regex.exec(text);
      if (found) return found;
    }
    return undefined;
  }

  #blamed({ groups = {} }: RegExpExecArray): Prefix | undefined {
    const { ip4, ip6, dns } = groups;
    // A zone (fe80::1%eth0) is a name of this machine's interface, not a part of the address.
    const prefix = Prefix.tryParse(ip4 ?? ip6?.replace(/%.*/, '') ?? '');
    if (prefix) return prefix;
    if (dns) this.#unresolved++;
    else this.#invalid++;
    return undefined;
  }

  /** A line without a date that makes sense counts as now. */
  #timeOf(stamp: Stamp | undefined): number {
    const now = this.#clock();
    const time = stamp?.time(now);
    return time === undefined || time > now + AHEAD ? now : time;
  }
}
