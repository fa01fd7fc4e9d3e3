import { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';

/** Characters of the field's end that are looked at: 64 IPv6 addresses with ports take no more. */
const LONGEST = 4096;

/** Proxies that a request may have come through. */
const MOST_HOPS = 64;

/**
 * Proxies whose word on whom they forward for is believed.
 *
 * Each proxy appends the address that it sees to X-Forwarded-For (developer.mozilla.org; RFC 7239 section 5.2 for its successor). So what a
 * trusted one appended is true, and what stands before it is what its sender claims: the rightmost address that is no trusted proxy's is
 * the client.
 */
export class TrustedProxies {
  readonly #index: PrefixIndex<undefined>;

  constructor(prefixes: readonly string[]) {
    this.#index = new PrefixIndex(prefixes.map((text) => [Prefix.parse(text), undefined]));
  }

  /**
   * Who is to blame for a request.
   *
   * @param peer whose packets they were.
   * @param forwarded the field, as the log has it; attackers write all but its end.
   * @returns the peer, if it is no trusted proxy, whatever the field says; undefined where the proxies do not say.
   */
  clientOf(peer: Prefix, forwarded: string | undefined): Prefix | undefined {
    if (!this.#trusts(peer)) return peer;
    let rest = forwarded?.slice(-LONGEST);
    for (let hop = 0; rest !== undefined && hop < MOST_HOPS; hop++) {
      const comma = rest.lastIndexOf(',');
      // What the cut has left of the first one is none.
      const isCut = comma < 0 && rest.length === LONGEST;
      const address = isCut ? undefined : addressOf(rest.slice(comma + 1));
      if (!address || !this.#trusts(address)) return address;
      rest = comma < 0 ? undefined : rest.slice(0, comma);
    }
    return undefined;
  }

  #trusts(address: Prefix): boolean {
    return this.#index.overlapping(address)?.[0].covers(address) === true;
  }
}

/** `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]`, `[2001:db8::7]:4711`. A network is nobody. */
function addressOf(text: string): Prefix | undefined {
  const [, bracketed, four, bare] =
    /^\s*(?:\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|(\d[\d.]*):\d{1,5}|([0-9A-Fa-f:.]+))\s*$/.exec(text) ?? [];
  const address = bracketed ?? four ?? bare;
  return address === undefined ? undefined : Prefix.tryParse(address);
}
