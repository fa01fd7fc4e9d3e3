/** Numbers and layout of netlink itself: linux/netlink.h, man 7 netlink, RFC 3549. */

/** struct nlmsghdr: length u32, type u16, flags u16, sequence u32, port u32; all in host order. */
export const HEADER = 16;
/** struct nlattr: length u16, type u16; host order. */
export const ATTRIBUTE = 4;
/** An attribute's length has 16 bits, header included. Beyond that the kernel reads garbage. */
export const LONGEST_ATTRIBUTE = 0xffff;

export const NETLINK_ROUTE = 0;
export const NETLINK_SOCK_DIAG = 4;
export const NETLINK_NETFILTER = 12;
export const NETLINK_GENERIC = 16;

export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
/** In a dump's answers: what is dumped changed meanwhile, so some of it may be missing, or there twice. */
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
/** Not where one is there already. */
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

/** In an NLMSG_ERROR: the original message was cut to its header; attributes follow (extended ACK). */
export const NLM_F_CAPPED = 0x100;
export const NLM_F_ACK_TLVS = 0x200;
export const NLMSGERR_ATTR_MSG = 1;
export const NLMSGERR_ATTR_OFFS = 2;

/** Set in an attribute's type where its payload is attributes. */
export const NLA_F_NESTED = 0x8000;
export const NLA_TYPE_MASK = 0x3fff;

/** #define NLMSG_ALIGN(len), #define NLA_ALIGN(len): both to four bytes. */
export const align = (length: number): number => (length + 3) & ~3;
