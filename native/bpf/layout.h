/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What lies in the maps: written by the service through mmap, read by the program. This file is its only owner; the addon
 * exports its sizes and offsets, and a test compares them with what TypeScript assumes.
 *
 * Four tables, two of each family, one behind the other in the family's map. Each is a hash table of buckets: a cache line of eight
 * slots, and behind it, in the same page, what belongs to them. An element has two homes and is in the second only if the first was
 * full, so that a bucket with an empty slot ends the search.
 *
 * A slot is one 64-bit word, and so nobody ever sees half of one:
 *
 *     bits 0-31   tag. IPv4: the address; of a prefix, with a 1 behind its last bit (192.0.2.0/24 is 192.0.2.128).
 *                 IPv6: 24 bits of the address's hash, and the prefix length; the address is in the slot's record.
 *     bit  32     OBSERVE: count, do not drop
 *     bit  33     SCOPED: it is about some ports alone; its count has the number of the rule that says which
 *     bits 34-63  until when, in units (see `struct shape`); 0: nobody lives here
 *
 * A bucket has words of 0 until it is full for the first time; any other word without a time is a vacated slot.
 */
#ifndef DROPSET_LAYOUT_H
#define DROPSET_LAYOUT_H

#include <linux/types.h>

#include "limits.h"

#define LAYOUT_MAGIC 0x64726f70u
#define LAYOUT_VERSION 2u

#define SLOTS 8

#define STATE_OBSERVE 1u
#define STATE_SCOPED 2u
#define STATE_TIME 2      /* shift of the time in a state */
#define NEVER 0x3fffffffu /* the last time there is */

#define VACATED 1ull

enum table {
	ADDRESSES4,
	PREFIXES4,
	ELEMENTS6, /* addresses, and prefixes of /64 and longer */
	PREFIXES6, /* shorter ones */
	TABLES
};

struct count {
	__u64 packets; /* of an element: in the lower bits, below the number of its rule */
	__u64 bytes;
};

/* 2^56 packets are a century of the fastest wire that there is. */
#define RULE_SHIFT 56
#define RULE_OF(packets) ((__u32)((packets) >> RULE_SHIFT))
#define PACKETS_OF(packets) ((packets) & ((1ull << RULE_SHIFT) - 1))

struct bucket4 {
	__u64 slots[SLOTS];
	struct count counts[SLOTS];
};

/* Addresses are left-aligned numbers: 2001:db8::1 is high 0x20010db800000000, low 1. IPv4 too: 192.0.2.7 is high 0xc000020700000000. */
struct record6 {
	__u64 high;
	__u64 low;
	struct count count;
};

struct bucket6 {
	__u64 slots[SLOTS];
	struct record6 records[SLOTS];
};

/* A slot's number: its bucket's and its place there; of IPv6 with this. */
#define SLOT6 0x80000000u

#define KIND(family, length) ((__u32)(family) << 8 | (length))

/* Two bits for each IPv4 /24, each hashed IPv6 /64 and each hashed IPv6 /32: a cell. 32 of them in a word. */
#define CELL_ADDRESSES 1u /* single addresses (of IPv6: of that /64) are banned in it */
#define CELL_PREFIXES 2u  /* prefixes are banned in it, or cover it; in a /64's cell: one begins there, whatever its length */
#define CELL_ALLOW 3u     /* that, and allowed ones too */
#define CELLS_A_WORD 32

#define PRESENT4_WORDS ((1u << 24) / CELLS_A_WORD)
#define WIDE6_BITS 22 /* log2 of the cells for /32s */
#define WIDE6_WORDS ((1u << WIDE6_BITS) / CELLS_A_WORD)

/* For each IPv4 /18: the lengths of the prefixes in it or around it, a bit each. An array's values are multiples of 8 bytes: two. */
#define BLOCK_LENGTH 18
#define BLOCKS4 (1u << BLOCK_LENGTH)
#define BLOCKS_A_WORD 2

/*
 * Prefix lengths in use. The service appends in place, so that who is reading misses none; to take some out it fills the other one
 * and flips `active`.
 */
struct lengths {
	__u32 count4;
	__u32 count6_wide;
	__u32 count6_long;
	__u8 list4[LENGTHS4];
	__u8 list6_wide[LENGTHS6_WIDE];
	__u8 list6_long[LENGTHS6_LONG];
};

/* The program's global variable: what the maps' sizes and contents mean. All but the last part is fixed when it is made. */
struct shape {
	__u32 magic;
	__u32 version;
	__u64 seed[2];  /* of the hashes, so that nobody can aim at one bucket */
	__u64 epoch;    /* jiffies at which time begins */
	__u32 shift;    /* a unit of time is 2^shift jiffies */
	__u32 counting; /* whether packets are counted element by element */
	__u32 first[TABLES];   /* bucket at which a table begins, in its family's map */
	__u32 buckets[TABLES]; /* and how many it has */
	__u32 sizes[TABLES];   /* elements that it may hold */
	__u32 present6_bits;   /* log2 of the cells for /64s */

	__u32 held[TABLES]; /* elements, with those that have expired and were not swept out yet */
	__u32 active;       /* which of `lengths` holds */
	struct lengths lengths[2];
};

/* Destination ports of one protocol, in host order; 0 to 65535 is the whole protocol, with packets that show no port. */
struct ports {
	__u16 first;
	__u16 last;
	__u8 protocol;
	__u8 unused[3];
};

#define RANGES 16 /* what a scope has at most: src/model/scope.ts */

/*
 * Which packets of an element are meant, in `scopes`: written before an element names it, and not changed while one does. Rule 0 is
 * no rule: all packets.
 */
struct rule {
	__u32 observes; /* in place of the element's own bit, so that both change at once */
	__u32 count;
	struct ports ranges[RANGES];
};

#define RULES 256

/* Of the trie `allow`. The family comes first, so that ::/0 allows no IPv4; the address is left-aligned as everywhere. */
struct allow_key {
	__u32 length; /* ALLOW_LENGTH */
	__be32 family;
	__u8 address[16];
};

#define ALLOW_LENGTH(length) (32 + (length))

/* What becomes of a packet. Only BANNED drops. */
enum verdict { CLEAN, BANNED, OBSERVED, ALLOWED, MALFORMED, UNKNOWN };
#define VERDICTS 8 /* room for more; a power of two, so that a mask convinces the verifier */

/* One for each CPU. */
struct tally {
	struct count verdicts[VERDICTS];
	/* Packets of one element that its own count does not have yet. */
	__u32 slot;
	__u32 tag;
	__u64 packets;
	__u64 bytes;
};

#endif
