/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Looks elements up in the tables that layout.h describes. */
#ifndef DROPSET_FIND_H
#define DROPSET_FIND_H

#include "hash.h"
#include "maps.h"

#define NOWHERE 0xffffffffu

/* What a bucket says: the number of a slot of its own, or one of these. */
#define ELSEWHERE (-1) /* it is full: the other home may have it */
#define NOBODY (-2)    /* it has room: nobody had to go to the other home */

static __always_inline __u32 cell(void *map, __u32 index)
{
	__u32 at = index / CELLS_A_WORD;
	__u64 *word = bpf_map_lookup_elem(map, &at);

	return word ? *word >> (index % CELLS_A_WORD * 2) & 3 : 0;
}

/* In units; see `struct shape`. */
static __always_inline __u32 now(void)
{
	return (bpf_jiffies64() - shape.epoch) >> shape.shift;
}

static __always_inline int is_live(__u32 state)
{
	return (state >> STATE_TIME) > now();
}

static __always_inline int matters(__u32 state)
{
	return state & STATE_SCOPED || is_live(state);
}

/* The service may write it at any time: read once. 0 for a slot that cannot be. */
static __always_inline __u64 word_in(__u32 slot)
{
	__u32 index = (slot & ~SLOT6) / SLOTS;
	struct bucket4 *bucket4;
	struct bucket6 *bucket6;

	if (slot & SLOT6) {
		bucket6 = bpf_map_lookup_elem(&buckets6, &index);
		if (!bucket6)
			return 0;
		return *(volatile __u64 *)&bucket6->slots[slot % SLOTS];
	}
	bucket4 = bpf_map_lookup_elem(&buckets4, &index);
	if (!bucket4)
		return 0;
	return *(volatile __u64 *)&bucket4->slots[slot % SLOTS];
}

static __always_inline void add_count(__u32 slot, __u64 packets, __u64 bytes)
{
	__u32 index = (slot & ~SLOT6) / SLOTS;
	struct bucket4 *bucket4;
	struct bucket6 *bucket6;
	struct count *count;

	if (slot & SLOT6) {
		bucket6 = bpf_map_lookup_elem(&buckets6, &index);
		if (!bucket6)
			return;
		count = &bucket6->records[slot % SLOTS].count;
	} else {
		bucket4 = bpf_map_lookup_elem(&buckets4, &index);
		if (!bucket4)
			return;
		count = &bucket4->counts[slot % SLOTS];
	}
	__sync_fetch_and_add(&count->packets, packets);
	__sync_fetch_and_add(&count->bytes, bytes);
}

static __always_inline int place4(__u32 index, __u32 tag)
{
	struct bucket4 *bucket = bpf_map_lookup_elem(&buckets4, &index);
	int full = 1;

	if (!bucket)
		return NOBODY;
#pragma unroll
	for (int i = 0; i < SLOTS; i++) {
		__u64 word = *(volatile __u64 *)&bucket->slots[i];

		if ((__u32)word == tag && matters(word >> 32))
			return i;
		full &= word != 0;
	}
	return full ? ELSEWHERE : NOBODY;
}

static __always_inline __u32 find4(__u32 tag, int table)
{
	struct home home = home4(tag, table, &shape);
	int place = place4(home.first, tag);

	if (place >= 0)
		return home.first * SLOTS + place;
	if (place == NOBODY)
		return NOWHERE;
	place = place4(home.second, tag);
	return place >= 0 ? home.second * SLOTS + place : NOWHERE;
}

static __always_inline int place6(__u32 index, __u32 tag, __u64 high, __u64 low)
{
	struct bucket6 *bucket = bpf_map_lookup_elem(&buckets6, &index);
	int full = 1;

	if (!bucket)
		return NOBODY;
#pragma unroll
	for (int i = 0; i < SLOTS; i++) {
		__u64 word = *(volatile __u64 *)&bucket->slots[i];

		if ((__u32)word == tag && matters(word >> 32) && bucket->records[i].high == high && bucket->records[i].low == low)
			return i;
		full &= word != 0;
	}
	return full ? ELSEWHERE : NOBODY;
}

static __always_inline __u32 find6(__u64 high, __u64 low, __u32 length, __u32 table)
{
	struct home home = home6(high, low, length, table, &shape);
	int place = place6(home.first, home.tag, high, low);

	if (place >= 0)
		return SLOT6 | (home.first * SLOTS + place);
	if (place == NOBODY)
		return NOWHERE;
	place = place6(home.second, home.tag, high, low);
	return place >= 0 ? SLOT6 | (home.second * SLOTS + place) : NOWHERE;
}

#endif
