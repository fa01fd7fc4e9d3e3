import { Connection, type ConnectionOptions } from '../netlink/connection.js';
import type { Message } from '../netlink/messages.js';
import { NETLINK_ROUTE } from '../netlink/protocol.js';
import { decodeLink, type Link } from './links.js';
import * as p from './protocol.js';
import { isDefault } from './routes.js';

/** What became of a link, in the kernel's order. */
export type LinkEvent =
  /**
   * It is new, or something of it is: its name, its MTU, whether it is up. Often several for one command. An XDP program that
   * rtnetlink attached makes an event where the interface is up; one that a bpf_link attached makes none (seen on 6.18).
   */
  | { readonly kind: 'changed'; readonly link: Link }
  /** It was deleted, or moved to another network namespace. */
  | { readonly kind: 'gone'; readonly index: number; readonly name: string }
  /** The kernel had no room for some events: list the links again. */
  | { readonly kind: 'lost' };

export interface Watch {
  /** Nothing is told from here on, and nothing keeps the process alive. A second time does nothing. */
  close(): void;
}

/**
 * Tells the listener of every link that changes, until it is closed. Who wants to miss nothing watches first and lists then: an
 * event may tell again what the list has said.
 *
 * @throws NetlinkError
 */
export const watchLinks = (listener: (event: LinkEvent) => void, options: ConnectionOptions = {}): Watch =>
  watch([p.RTNLGRP_LINK], linkEventOf, listener, options);

/**
 * Tells of each default route of the main table, IPv4's and IPv6's, that comes, changes or goes, and of lost events, until it is closed.
 * A route of IPv4 that goes because its interface does makes no event: that is one of the link.
 *
 * @throws NetlinkError
 */
export const watchDefaultRoutes = (listener: () => void, options: ConnectionOptions = {}): Watch =>
  watch([p.RTNLGRP_IPV4_ROUTE, p.RTNLGRP_IPV6_ROUTE], routeEventOf, listener, options);

function routeEventOf(message: Message | null): true | undefined {
  if (message === null) return true;
  const { type, payload } = message;
  return (type === p.RTM_NEWROUTE || type === p.RTM_DELROUTE) && isDefault(payload) ? true : undefined;
}

/** @param eventOf what a message means, or the loss of some. */
function watch<Event>(
  groups: readonly number[],
  eventOf: (message: Message | null) => Event | undefined,
  listener: (event: Event) => void,
  options: ConnectionOptions,
): Watch {
  let closed = false;
  const hear = (messages: readonly Message[] | null): void => {
    for (const message of messages ?? [null]) {
      const event = eventOf(message);
      if (event !== undefined && !closed) listener(event);
    }
  };
  const connection = Connection.listening(NETLINK_ROUTE, groups, hear, options);
  return {
    close: () => {
      closed = true;
      connection.close();
    },
  };
}

function linkEventOf(message: Message | null): LinkEvent | undefined {
  if (message === null) return { kind: 'lost' };
  const { type, payload } = message;
  const link = decodeLink(payload);
  if (link && type === p.RTM_NEWLINK) return { kind: 'changed', link };
  if (link && type === p.RTM_DELLINK) return { kind: 'gone', index: link.index, name: link.name };
  return undefined;
}
