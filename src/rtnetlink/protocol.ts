/**
 * Numbers and layout of rtnetlink and of the generic netlink families that tell of interfaces: linux/rtnetlink.h, if_link.h,
 * if_arp.h, genetlink.h, netdev.h, ethtool_netlink.h. Only those that dropset speaks.
 */

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTM_NEWADDR = 20;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
export const RTM_NEWRULE = 32;
export const RTM_DELRULE = 33;
export const RTM_GETRULE = 34;

/** Multicast groups of links, of routes and of rules that come, change and go. */
export const RTNLGRP_LINK = 1;
export const RTNLGRP_IPV4_ROUTE = 7;
export const RTNLGRP_IPV4_RULE = 8;
export const RTNLGRP_IPV6_ROUTE = 11;
export const RTNLGRP_IPV6_RULE = 19;

export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 10;

/** struct ifinfomsg: family u8, pad u8, type u16, index i32, flags u32, change u32. */
export const IFINFOMSG = 16;
export const ARPHRD_ETHER = 1;
export const IFF_UP = 0x1;
export const IFF_LOOPBACK = 0x8;

export const IFLA = {
  IFNAME: 3,
  MTU: 4,
  LINK: 5,
  MASTER: 10,
  LINKINFO: 18,
  LINK_NETNSID: 37,
  XDP: 43,
  /** From 5.14. */
  PARENT_DEV_NAME: 56,
  PARENT_DEV_BUS_NAME: 57,
} as const;
export const IFLA_INFO = { KIND: 1, SLAVE_KIND: 4 } as const;
export const IFLA_XDP = { ATTACHED: 2, PROG_ID: 4, DRV_PROG_ID: 5, SKB_PROG_ID: 6, HW_PROG_ID: 7 } as const;
/** IFLA_XDP_ATTACHED, from 1 on; 0 is none. */
export const XDP_ATTACHED = { DRV: 1, SKB: 2, HW: 3, MULTI: 4 } as const;

/** struct ifaddrmsg (linux/if_addr.h): family u8, prefixlen u8, flags u8, scope u8, index u32. */
export const IFADDRMSG = 8;
export const IFA = { ADDRESS: 1, LOCAL: 2 } as const;

/** struct rtmsg: family u8, dst_len u8, src_len u8, tos u8, table u8, protocol u8, scope u8, type u8, flags u32. */
export const RTMSG = 12;
export const RTN_UNICAST = 1;
export const RTN_BLACKHOLE = 6;
/** The search goes on as if this table had no route: with the next rule. */
export const RTN_THROW = 9;
export const RT_TABLE_MAIN = 254;
/** When a route is deleted: of any scope. */
export const RT_SCOPE_NOWHERE = 255;
export const RTA = { DST: 1, OIF: 4, GATEWAY: 5, MULTIPATH: 9, TABLE: 15, VIA: 18 } as const;
/** struct rtvia: family u16, then the address. */
export const RTVIA = 2;
/** struct rtnexthop: length u16, flags u8, hops u8, ifindex i32; attributes; the next at NLMSG_ALIGN(length). */
export const RTNEXTHOP = 8;

/**
 * struct fib_rule_hdr (linux/fib_rules.h): family u8, dst_len u8, src_len u8, tos u8, table u8, res1 u8, res2 u8, action u8,
 * flags u32.
 */
export const FIB_RULE_HDR = 12;
export const FR_ACT_TO_TBL = 1;
/** PROTOCOL from 4.17. */
export const FRA = { PRIORITY: 6, TABLE: 15, PROTOCOL: 21 } as const;

/** struct genlmsghdr: command u8, version u8, reserved u16. */
export const GENLMSGHDR = 4;
/** The family that knows the others. */
export const GENL_ID_CTRL = 0x10;
export const CTRL_CMD_GETFAMILY = 3;
export const CTRL_ATTR = { FAMILY_ID: 1, FAMILY_NAME: 2 } as const;

/** Generic netlink family `netdev`, from 6.3: Documentation/netlink/specs/netdev.yaml. */
export const NETDEV_CMD_DEV_GET = 1;
export const NETDEV_A_DEV = { IFINDEX: 1, XDP_FEATURES: 3 } as const;
export const NETDEV_XDP_ACT = {
  BASIC: 1n,
  REDIRECT: 2n,
  NDO_XMIT: 4n,
  XSK_ZEROCOPY: 8n,
  HW_OFFLOAD: 16n,
  RX_SG: 32n,
} as const;

/** Generic netlink family `ethtool`, from 5.6. */
export const ETHTOOL_MSG_FEATURES_GET = 11;
export const ETHTOOL_MSG_CHANNELS_GET = 17;
/** The header is the first attribute of every message. */
export const ETHTOOL_A_HEADER = 1;
export const ETHTOOL_A_HEADER_DEV_NAME = 2;
export const ETHTOOL_A_FEATURES_ACTIVE = 4;
export const ETHTOOL_A_BITSET_BITS = 3;
export const ETHTOOL_A_BITSET_BIT_NAME = 2;
export const ETHTOOL_A_CHANNELS = { RX_MAX: 2, COMBINED_MAX: 5, RX_COUNT: 6, COMBINED_COUNT: 9 } as const;
