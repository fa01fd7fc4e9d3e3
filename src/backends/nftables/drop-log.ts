import { type Expression, limit, log, verdict } from './expressions.js';
import { addChain, addRule } from './objects.js';
import * as p from './protocol.js';
import type { Transaction } from './transaction.js';

/** How packets that are dropped are written down by the kernel: a few of them, since who floods writes the log. */
export interface DropLog {
  /** In front of the kernel's own line; at most 127 bytes (NF_LOG_PREFIXLEN of linux/netfilter/nf_log.h). */
  readonly prefix: string;
  /** A group of nfnetlink_log, for ulogd and such; the kernel's log where absent. */
  readonly group?: number | undefined;
  /** Packets a minute, and packets that may come at once; of both families together. */
  readonly rate: number;
  readonly burst: number;
}

/** The chain that a packet passes through on its way to be dropped. One chain has one limit, wherever packets come from. */
export const LOGGED = 'logged';

/** `chain logged { limit rate 10/minute burst 5 packets log prefix "dropset: " }` */
export function addLogChain(transaction: Transaction, table: string, options: DropLog): void {
  addChain(transaction, table, LOGGED);
  addRule(transaction, table, LOGGED, [limit(options.rate, options.burst), log(options.prefix, options.group)]);
}

/** What stands before a drop: nothing, or `jump logged`. */
export const logged = (options: DropLog | undefined): readonly (readonly Expression[])[] =>
  options ? [[verdict(p.NFT_JUMP, LOGGED)]] : [];
