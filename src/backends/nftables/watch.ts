import type { Prefix } from '../../model/prefix.js';
import { byType, text, u32 } from '../../netlink/attributes.js';
import { Connection } from '../../netlink/connection.js';
import type { Message } from '../../netlink/messages.js';
import { NETLINK_NETFILTER } from '../../netlink/protocol.js';
import type { Disturbance } from '../backend.js';
import { prefixesIn } from './element-decoder.js';
import * as p from './protocol.js';
import { setNamed } from './sets.js';

/** Elements of one transaction that are told by name. */
const MOST_ELEMENTS = 10_000;

/** In every kind of message this is the table's name. */
const TABLE_NAME = 1;

const ELEMENT_EVENTS = [p.NEWSETELEM, p.DELSETELEM].map(p.messageType);
const NEWGEN = p.messageType(p.NEWGEN);

/**
 * Hears of every transaction that somebody else makes (NFNLGRP_NFTABLES), and tells of those that touch our table, one by one.
 * It costs: with a listener the kernel writes every change down, ours too.
 */
export class Watch {
  readonly #connection: Connection;
  readonly #table: string;
  readonly #disturbed: (disturbance: Disturbance) => void;
  /** Of the transaction whose events are coming in. */
  #isTouched = false;
  #isOnlyElements = true;
  #elements: Prefix[] = [];

  /** @param ours makes changes of our own, which are not heard. @throws NetlinkError */
  constructor(table: string, ours: Connection, disturbed: (disturbance: Disturbance) => void) {
    this.#table = table;
    this.#disturbed = disturbed;
    const hear = (heard: readonly Message[] | null): void => this.#hear(heard);
    this.#connection = Connection.listening(NETLINK_NETFILTER, [p.NFNLGRP_NFTABLES], hear, { ignored: ours });
  }

  close(): void {
    this.#connection.close();
  }

  #hear(heard: readonly Message[] | null): void {
    if (!heard) {
      this.#tell({ sentence: 'so much was changed at once that not all of it was heard' });
      return;
    }
    for (const message of heard) {
      if (message.type === NEWGEN) this.#end(message);
      else this.#note(message);
    }
  }

  #note({ type, payload }: Message): void {
    const attributes = byType(payload, p.NFGENMSG);
    const table = attributes.get(TABLE_NAME);
    if (payload[0] !== p.NFPROTO_INET || !table || text(table) !== this.#table) return;
    this.#isTouched = true;
    const set = attributes.get(p.ELEMS.SET);
    const isElement = ELEMENT_EVENTS.includes(type) && set !== undefined && setNamed(text(set)) !== undefined;
    if (!isElement || this.#elements.length >= MOST_ELEMENTS) this.#isOnlyElements = false;
    if (!this.#isOnlyElements) return;
    this.#elements.push(...prefixesIn(payload));
  }

  /** The kernel ends each transaction with this event: it names who made it. */
  #end({ payload }: Message): void {
    if (!this.#isTouched) return;
    const attributes = byType(payload, p.NFGENMSG);
    const [pid, name] = [attributes.get(p.GEN.PROC_PID), attributes.get(p.GEN.PROC_NAME)];
    const who = name && pid ? `${text(name)} (process ${u32(pid)})` : 'somebody';
    if (this.#isOnlyElements) {
      const elements = this.#elements;
      this.#tell({ sentence: `${who} changed ${elements.length} elements of table inet ${this.#table}`, elements });
    } else {
      this.#tell({ sentence: `${who} changed table inet ${this.#table}` });
    }
  }

  #tell(disturbance: Disturbance): void {
    this.#isTouched = false;
    this.#isOnlyElements = true;
    this.#elements = [];
    this.#disturbed(disturbance);
  }
}
