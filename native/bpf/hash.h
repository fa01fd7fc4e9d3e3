/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Where an element lives. Multiply and fold, with a secret seed: who does not know it cannot fill one bucket on purpose. */
#ifndef DROPSET_HASH_H
#define DROPSET_HASH_H

#include "layout.h"

/* 2^64 over the golden ratio, and two primes of its kind (MurmurHash3's and SplitMix64's finalizers). */
#define HASH_A 0x9e3779b97f4a7c15ull
#define HASH_B 0xbf58476d1ce4e5b9ull
#define HASH_C 0x94d049bb133111ebull

struct home {
	__u32 first;
	__u32 second;
	__u32 tag;
};

static inline __attribute__((always_inline)) __u64 hash_fold(__u64 value, __u64 factor)
{
	value *= factor;
	return value ^ value >> 32;
}

/* One of `buckets`, from 32 bits of a hash. */
static inline __attribute__((always_inline)) __u32 hash_among(__u32 hash, __u32 buckets)
{
	return (__u64)hash * buckets >> 32;
}

static inline __attribute__((always_inline)) struct home home_among(__u64 hash, __u32 tag, int table,
								    const struct shape *shape)
{
	struct home home = { .tag = tag };

	home.first = shape->first[table] + hash_among(hash >> 32, shape->buckets[table]);
	home.second = shape->first[table] + hash_among((__u32)hash, shape->buckets[table]);
	return home;
}

/* An IPv4 address, or a prefix and its length in one number: a 1 stands behind its last bit. */
static inline __attribute__((always_inline)) __u32 tag4(__u32 address, __u32 length)
{
	return length >= 32 ? address : address | 0x80000000u >> length;
}

static inline __attribute__((always_inline)) struct home home4(__u32 tag, int table, const struct shape *shape)
{
	__u64 hash = hash_fold(hash_fold(tag ^ shape->seed[0], HASH_A), HASH_B);

	return home_among(hash, tag, table, shape);
}

static inline __attribute__((always_inline)) struct home home6(__u64 high, __u64 low, __u32 length, int table,
							       const struct shape *shape)
{
	__u64 hash = hash_fold(high ^ shape->seed[0], HASH_A);

	hash = hash_fold(hash ^ low ^ shape->seed[1], HASH_B);
	hash = hash_fold(hash ^ length, HASH_C);
	return home_among(hash, (hash * HASH_A >> 32 & ~0xffull) | length, table, shape);
}

/* The cell of a /64 among 2^bits, and of a /32 among 2^WIDE6_BITS. */
static inline __attribute__((always_inline)) __u32 cell_of_64(__u64 high, const struct shape *shape)
{
	return hash_fold(high ^ shape->seed[1], HASH_A) * HASH_B >> (64 - shape->present6_bits);
}

static inline __attribute__((always_inline)) __u32 cell_of_32(__u64 high, const struct shape *shape)
{
	return hash_fold(high >> 32 ^ shape->seed[1], HASH_A) * HASH_C >> (64 - WIDE6_BITS);
}

/* `value` with all bits behind the first `length` cleared; a shift by 64 would be undefined. */
static inline __attribute__((always_inline)) __u64 high_masked(__u64 high, __u32 length)
{
	return length >= 64 ? high : length == 0 ? 0 : high & ~0ull << (64 - length);
}

static inline __attribute__((always_inline)) __u64 low_masked(__u64 low, __u32 length)
{
	return length >= 128 ? low : length <= 64 ? 0 : low & ~0ull << (128 - length);
}

#endif
