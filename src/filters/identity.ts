import { Prefix } from '../model/prefix.js';
import type { Groups } from './groups.js';

/** Whom a match blames. */
export interface Identity {
  /** As fail2ban prints it: an address in its canonical form, or the text as it stood in the line. */
  readonly text: string;
  /** Absent for what is no address, as 999.1.1.1 or a user's name. */
  readonly prefix?: Prefix;
  /** A host's name, which is not resolved yet. */
  readonly isName?: true;
}

/**
 * In fail2ban's order: `fid`, then `ip4`, `ip6`, `dns`; a mask (`cidr`) makes a prefix. Undefined: nobody. A host's name is to be
 * resolved, whatever `fid` says beside it.
 */
export function identityOf(groups: Groups): Identity | undefined {
  const { fid, ip4, ip6, cidr, dns } = groups;
  const address = ip4 ?? ip6;
  if (address !== undefined) {
    const blamed = addressed(address, cidr);
    return fid === undefined || fid === address ? blamed : besides(fid, blamed);
  }
  if (dns !== undefined) return named(dns);
  return fid === undefined ? undefined : addressed(bare(fid), undefined);
}

function addressed(address: string, cidr: string | undefined): Identity {
  const prefix = Prefix.tryParse(cidr ? `${address}/${cidr}` : address);
  return prefix ? { text: prefix.text, prefix } : { text: cidr ? `${address}/${cidr}` : address };
}

/** An id of its own beside an address: the address is what can be dropped. */
const besides = (fid: string, { prefix }: Identity): Identity => ({
  text: addressed(bare(fid), undefined).text,
  ...(prefix && { prefix }),
});

/** `<DNS>` takes addresses too, which need no looking up. */
function named(dns: string): Identity {
  const address = addressed(dns, undefined);
  return address.prefix ? address : { text: dns, isName: true };
}

/** Without the brackets that an IPv6 address may stand in. */
const bare = (fid: string): string =>
  fid.length > 2 && fid.startsWith('[') && fid.endsWith(']') ? fid.slice(1, -1) : fid;

/**
 * Whether an address stands in the line as a whole, and not only as a part of another: a greedy `.*` before `<ADDR>`
 * leaves 2.0.2.1 of 192.0.2.1, and somebody else would be banned. `address` is the text that was captured.
 *
 * @param port what was captured as a port (`<F-PORT>`): of `2001:db8::7:4242` only the expression knows where the address ends.
 */
export function standsWhole(address: string, line: string, port?: string): boolean {
  for (let at = line.indexOf(address); at >= 0; at = line.indexOf(address, at + 1)) {
    if (!isCut(line, at, endOf(line, at + address.length, port), address.includes(':'))) return true;
  }
  return false;
}

/** Behind the port, where it follows. */
const endOf = (line: string, end: number, port: string | undefined): number =>
  port !== undefined && line.startsWith(`:${port}`, end) ? end + 1 + port.length : end;

function isCut(line: string, start: number, end: number, isSix: boolean): boolean {
  const before = line.slice(Math.max(0, start - 6), start);
  const behind = line.slice(end, end + 6);
  if (!isSix) return /\d\.?$/.test(before) || /^\.?\d/.test(behind);
  if (/[0-9A-Za-z]$|::$|(?<![0-9A-Za-z])[0-9A-Fa-f]{1,4}:$/.test(before)) return true;
  // Eight groups are an address, and so are fewer before what cannot be a group: a port follows.
  const isComplete = line.slice(start, end).split(':').length === 8;
  return /^[0-9A-Fa-f]/.test(behind) || (!isComplete && /^:[0-9A-Fa-f]{1,4}(?![0-9A-Fa-f])|^::/.test(behind));
}
