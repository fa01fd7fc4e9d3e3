/** Numbers of nf_tables: linux/netfilter/nf_tables.h and nfnetlink.h. Only those that dropset speaks. */

/** struct nfgenmsg behind each message's header: family u8, version u8, resource u16 in network order. */
export const NFGENMSG = 4;
export const NFPROTO_INET = 1;
export const NFPROTO_IPV4 = 2;
export const NFPROTO_IPV6 = 10;
export const NFNL_SUBSYS_NFTABLES = 10;
export const NFNL_MSG_BATCH_BEGIN = 0x10;
export const NFNL_MSG_BATCH_END = 0x11;
/** Multicast group of ruleset events. */
export const NFNLGRP_NFTABLES = 7;

export const NEWTABLE = 0;
export const GETTABLE = 1;
export const DELTABLE = 2;
export const NEWCHAIN = 3;
export const GETCHAIN = 4;
export const DELCHAIN = 5;
export const NEWRULE = 6;
export const GETRULE = 7;
export const DELRULE = 8;
export const NEWSET = 9;
export const GETSET = 10;
export const NEWSETELEM = 12;
export const GETSETELEM = 13;
export const DELSETELEM = 14;
export const NEWOBJ = 18;
export const GETOBJ = 19;
export const DELOBJ = 20;
export const NEWGEN = 15;
export const GETGEN = 16;
/** From 6.3: as DELSETELEM, but what is not there is no error. */
export const DESTROYSETELEM = 30;

export const TABLE = { NAME: 1, FLAGS: 2 } as const;
/** The table's chains are off their hooks. */
export const TABLE_F_DORMANT = 0x1;
export const TABLE_F_OWNER = 0x2;
/** From 6.9: an owned table outlives its owner, as an orphan that the next owner may adopt. */
export const TABLE_F_PERSIST = 0x4;

export const CHAIN = { TABLE: 1, NAME: 3, HOOK: 4, POLICY: 5, TYPE: 7 } as const;
export const HOOK = { NUM: 1, PRIORITY: 2 } as const;
/** enum nf_inet_hooks. */
export const HOOKS = { prerouting: 0, input: 1 } as const;
export const NF_DROP = 0;
export const NF_ACCEPT = 1;

export const RULE = { TABLE: 1, CHAIN: 2, EXPRESSIONS: 4 } as const;
export const LIST_ELEM = 1;
export const EXPR = { NAME: 1, DATA: 2 } as const;

export const META = { DREG: 1, KEY: 2, SREG: 3 } as const;
export const META_PRIORITY = 2;
export const META_NFPROTO = 15;
export const META_L4PROTO = 16;
export const CT = { DREG: 1, KEY: 2 } as const;
export const CT_DIRECTION = 1;
/** enum ip_conntrack_dir of linux/netfilter/nf_conntrack_tuple_common.h: the other way than the connection's first packet. */
export const IP_CT_DIR_REPLY = 1;
export const CMP = { SREG: 1, OP: 2, DATA: 3 } as const;
export const CMP_EQ = 0;
export const CMP_NEQ = 1;
export const CMP_LTE = 3;
export const CMP_GTE = 5;
export const PAYLOAD = { DREG: 1, BASE: 2, OFFSET: 3, LEN: 4 } as const;
export const PAYLOAD_NETWORK_HEADER = 1;
export const PAYLOAD_TRANSPORT_HEADER = 2;
export const BITWISE = { SREG: 1, DREG: 2, LEN: 3, MASK: 4, XOR: 5 } as const;
export const LOOKUP = { SET: 1, SREG: 2, DREG: 3 } as const;
export const IMMEDIATE = { DREG: 1, DATA: 2 } as const;
export const OBJREF = { IMM_TYPE: 1, IMM_NAME: 2 } as const;
export const LIMIT = { RATE: 1, UNIT: 2, BURST: 3, TYPE: 4 } as const;
export const LIMIT_PACKETS = 0;
export const LOG = { GROUP: 1, PREFIX: 2, LEVEL: 5 } as const;
/** LOGLEVEL_WARNING, as iptables and nft have it by default. */
export const LOG_WARNING = 4;
export const DATA = { VALUE: 1, VERDICT: 2 } as const;
export const VERDICT = { CODE: 1, CHAIN: 2 } as const;
/** enum nft_verdicts: on with another chain and back here, or not back; back. */
export const NFT_JUMP = -3;
export const NFT_GOTO = -4;
export const NFT_RETURN = -5;
export const REG_VERDICT = 0;
/** The first 16-byte register: wide enough for an IPv6 address. */
export const REG_1 = 1;

export const SET = {
  TABLE: 1,
  NAME: 2,
  FLAGS: 3,
  KEY_TYPE: 4,
  KEY_LEN: 5,
  DATA_TYPE: 6,
  DATA_LEN: 7,
  DESC: 9,
  ID: 10,
  GC_INTERVAL: 12,
  USERDATA: 13,
  EXPR: 17,
  /** From 6.17: how many elements the set holds. */
  COUNT: 20,
} as const;
export const SET_DESC_SIZE = 1;
/** What nft keeps there for itself: type, length, value (nft's include/udata.h). */
export const UDATA_KEYBYTEORDER = 0;
export const UDATA_DATABYTEORDER = 1;
export const HOST_ENDIAN = 1;
export const SET_INTERVAL = 0x4;
export const SET_MAP = 0x8;
export const SET_TIMEOUT = 0x10;
/** NFT_DATA_VERDICT: of what a map leads to. */
export const DATA_VERDICT = 0xffffff00;

export const ELEMS = { TABLE: 1, SET: 2, ELEMENTS: 3 } as const;
export const ELEM = { KEY: 1, DATA: 2, FLAGS: 3, TIMEOUT: 4, EXPIRATION: 5, EXPR: 7 } as const;
export const ELEM_INTERVAL_END = 0x1;

export const OBJ = { TABLE: 1, NAME: 2, TYPE: 3, DATA: 4 } as const;
export const OBJECT_COUNTER = 1;
export const COUNTER = { BYTES: 1, PACKETS: 2 } as const;

/** NEWGEN, at the end of each transaction: whose it was. */
export const GEN = { PROC_PID: 2, PROC_NAME: 3 } as const;

/** A message's type on the wire. */
export const messageType = (message: number): number => (NFNL_SUBSYS_NFTABLES << 8) | message;
