import { loadFilter } from '../src/fail2ban/filter.js';
import { Filter } from '../src/filters/filter.js';
import { standsWhole } from '../src/filters/identity.js';

/** The folder of dropset's own filters. */
export const STOCK = 'src/filters/stock';

/** Whom one of dropset's own filters blames for a line, as a jail would: an address that stands whole in it, or nobody. */
export function blamedBy(name: string): (line: string) => string | undefined {
  const filter = new Filter(loadFilter(name, { directories: [STOCK] }), {
    now: () => Date.UTC(2026, 10, 21),
    zone: 'UTC',
  });
  return (line) => {
    const [hit] = filter.match(line, /^[\0-\x7f]*$/.test(line));
    if (!hit?.identity || hit.finding.isNoFailure) return undefined;
    const { ip4, ip6, fport } = hit.finding.groups;
    const address = ip4 ?? ip6;
    return address === undefined || standsWhole(address, line, fport) ? hit.identity.text : undefined;
  };
}
