import { Connection, type ConnectionOptions } from '../netlink/connection.js';
import type { Message } from '../netlink/messages.js';
import { NETLINK_ROUTE } from '../netlink/protocol.js';
import { decodeLink, type Link } from './links.js';
import * as p from './protocol.js';

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

export interface LinkWatch {
  /** Nothing is told from here on, and nothing keeps the process alive. A second time does nothing. */
  close(): void;
}

/**
 * Tells the listener of every link that changes, until it is closed. Who wants to miss nothing watches first and lists then: an
 * event may tell again what the list has said.
 *
 * @throws NetlinkError
 */
export function watchLinks(listener: (event: LinkEvent) => void, options: ConnectionOptions = {}): LinkWatch {
  const connection = Connection.open(NETLINK_ROUTE, options);
  let closed = false;
  const tell = (event: LinkEvent | undefined): void => {
    if (event && !closed) listener(event);
  };
  connection.listen([p.RTNLGRP_LINK], (messages) => {
    if (messages === null) tell({ kind: 'lost' });
    else for (const message of messages) tell(eventOf(message));
  });
  return {
    close: () => {
      closed = true;
      connection.close();
    },
  };
}

function eventOf({ type, payload }: Message): LinkEvent | undefined {
  const link = decodeLink(payload);
  if (link && type === p.RTM_NEWLINK) return { kind: 'changed', link };
  if (link && type === p.RTM_DELLINK) return { kind: 'gone', index: link.index, name: link.name };
  return undefined;
}
