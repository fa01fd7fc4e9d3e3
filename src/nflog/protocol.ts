/** Numbers and layout of linux/netfilter/nfnetlink_log.h and linux/netfilter/nfnetlink.h. */

/** struct nfgenmsg: family u8, version u8, resource id u16 in network order; the group of a request, and of a packet. */
export const NFGENMSG = 4;

/** NFNL_SUBSYS_ULOG is the upper octet of a message's type. */
export const PACKET = 4 << 8;
export const CONFIG = (4 << 8) | 1;

/** Attributes of a CONFIG. */
export const CFG = { CMD: 1, MODE: 2, QTHRESH: 5 } as const;

export const CMD_BIND = 1;

export const COPY_PACKET = 2;

/** Of a PACKET: its octets, from the network header on. */
export const PACKET_PAYLOAD = 9;
