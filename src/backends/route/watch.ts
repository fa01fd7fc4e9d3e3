import type { Prefix } from '../../model/prefix.js';
import { Connection } from '../../netlink/connection.js';
import type { Message } from '../../netlink/messages.js';
import { NETLINK_ROUTE } from '../../netlink/protocol.js';
import * as p from '../../rtnetlink/protocol.js';
import type { Disturbance } from '../backend.js';
import { isOurRule, routeOf } from './messages.js';
import type { RouteTable } from './table.js';

const GROUPS = [p.RTNLGRP_IPV4_ROUTE, p.RTNLGRP_IPV6_ROUTE, p.RTNLGRP_IPV4_RULE, p.RTNLGRP_IPV6_RULE];

/** Elements that are told by name. */
const MOST_ELEMENTS = 10_000;

/** Hears when somebody else takes our routes or rules away. The kernel does not say who it was. */
export class Watch {
  readonly #connection: Connection;
  readonly #table: number;
  readonly #disturbed: (disturbance: Disturbance) => void;

  /** @throws NetlinkError */
  constructor(table: RouteTable, disturbed: (disturbance: Disturbance) => void) {
    this.#table = table.number;
    this.#disturbed = disturbed;
    const hear = (heard: readonly Message[] | null): void => this.#hear(heard);
    this.#connection = Connection.listening(NETLINK_ROUTE, GROUPS, hear, { ignored: table.connection });
  }

  close(): void {
    this.#connection.close();
  }

  #hear(heard: readonly Message[] | null): void {
    if (!heard) {
      this.#disturbed({ sentence: 'so many routes changed at once that not all of it was heard' });
      return;
    }
    const gone: Prefix[] = [];
    for (const message of heard) {
      const frame = this.#frameLoss(message);
      if (frame) this.#disturbed({ sentence: frame });
      const prefix = this.#elementLoss(message);
      if (prefix) gone.push(prefix);
    }
    if (gone.length === 0) return;
    const sentence = `somebody took routes out of table ${this.#table}, to ${gone[0]}`;
    this.#disturbed(gone.length > MOST_ELEMENTS ? { sentence } : { sentence, elements: gone });
  }

  #frameLoss({ type, payload }: Message): string | undefined {
    if (type === p.RTM_DELRULE && isOurRule(payload, this.#table)) {
      return `somebody took the rule away that asks table ${this.#table}`;
    }
    const route = type === p.RTM_DELROUTE ? routeOf(payload) : undefined;
    if (route?.table !== this.#table || route.kind !== 'throw') return undefined;
    return `somebody took the route out of table ${this.#table} that lets ${route.prefix} pass`;
  }

  #elementLoss({ type, payload }: Message): Prefix | undefined {
    const route = type === p.RTM_DELROUTE ? routeOf(payload) : undefined;
    return route?.table === this.#table && route.kind === 'blackhole' ? route.prefix : undefined;
  }
}
