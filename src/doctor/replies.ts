import { type Finding, finding } from './findings.js';
import type { Host } from './host.js';
import type { Place } from './order.js';

/** What becomes of replies of banned addresses to connections that the host opens. */
export function repliesFindings({ conntrack }: Pick<Host, 'conntrack'>, { kind, spareReplies }: Place): Finding[] {
  if ((kind !== 'nftables' && kind !== 'xdp') || spareReplies !== true) return [];
  const dropped = 'replies of banned addresses to connections that this host opens are dropped';
  const way = '[backend] spare_replies = "tcp" drops of TCP only what opens a connection';
  if (kind === 'xdp') return [finding('note', 'hooks', `an XDP program knows no connections: ${dropped}`, way)];
  if (!conntrack?.count) {
    const track = 'a rule that asks for connections (ct state established) has the kernel track them';
    return [finding('note', 'hooks', `the kernel tracks no connections here: ${dropped}`, `${way}; ${track}`)];
  }
  return [finding('ok', 'hooks', 'replies of banned addresses to connections that this host opens pass')];
}
