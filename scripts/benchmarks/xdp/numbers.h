/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Addresses by number, so that neither a list of them nor chance is needed: the same number is the same address in numbers.mjs, and
 * two numbers of a kind are two addresses.
 *
 * IPv4: single addresses, banned or clean, are in seven of each eight neighbouring /16s, and listed prefixes in the eighth. Both are
 * all over the address space, as those of real lists are, and no clean address is ever in a prefix.
 */
#ifndef XDP_NUMBERS_H
#define XDP_NUMBERS_H

#include <linux/types.h>

/* 2^32 and 2^64 over the golden ratio, made odd: multiplying by them is a permutation. */
#define SCATTER4 0x9e3779b1u
#define SCATTER6 0x9e3779b97f4a7c15ull

enum kind {
	ADDRESS4,
	LISTED4, /* an address in the prefix of that number */
	PLAIN4,  /* the number is the address */
	ADDRESS6,
	LISTED6,
};

static inline __attribute__((always_inline)) __u32 scattered4(__u32 number, __u32 eighth)
{
	__u32 bits = number * SCATTER4 & 0x1fffffff;

	return (bits >> 16) << 19 | eighth << 16 | (bits & 0xffff);
}

static inline __attribute__((always_inline)) __u32 number4(__u32 number, __u32 kind)
{
	if (kind == PLAIN4)
		return number;
	return scattered4(number, kind == LISTED4 ? 7 : number % 7);
}

/* A /64: of an address in 2000::/4, of a listed prefix in 3000::/4. */
static inline __attribute__((always_inline)) __u64 number6(__u32 number, __u32 kind)
{
	return number * SCATTER6 >> 4 | (kind == LISTED6 ? 3ull : 2ull) << 60;
}

#endif
