/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Looks elements up in the tables that layout.h describes. */
#ifndef DROPSET_FIND_H
#define DROPSET_FIND_H

#include "hash.h"
#include "maps.h"

#define NOWHERE 0xffffffffu

/*
 * What was found: a state above, and below the slot that it was read in. Both from one read of the slot: the service may move the
 * element while its packet is judged. A state that matters is never 0.
 */
#define FOUND(word, slot) ((word) >> 32 << 32 | (slot))
#define STATE(found) ((__u32)((found) >> 32))
#define SLOT(found) ((__u32)(found))

/* What is said instead, without a state. */
#define NOBODY 0ull    /* in a bucket: it has room, and so nobody had to go to the other home */
#define ELSEWHERE 1ull /* it is full: the other home may have it */

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

/* The barriers keep the compiler from adding to a pointer before it is known that there is one, which the verifier refuses. */
static __always_inline struct count *count_in(__u32 slot)
{
	__u32 index = (slot & ~SLOT6) / SLOTS;
	struct bucket4 *bucket4;
	struct bucket6 *bucket6;

	if (slot & SLOT6) {
		bucket6 = bpf_map_lookup_elem(&buckets6, &index);
		if (!bucket6)
			return NULL;
		barrier_var(bucket6);
		return &bucket6->records[slot % SLOTS].count;
	}
	bucket4 = bpf_map_lookup_elem(&buckets4, &index);
	if (!bucket4)
		return NULL;
	barrier_var(bucket4);
	return &bucket4->counts[slot % SLOTS];
}

static __always_inline void add_count(__u32 slot, __u64 packets, __u64 bytes)
{
	struct count *count = count_in(slot);

	if (!count)
		return;
	__sync_fetch_and_add(&count->packets, packets);
	__sync_fetch_and_add(&count->bytes, bytes);
}

static __always_inline __u64 place4(__u32 index, __u32 tag)
{
	struct bucket4 *bucket = bpf_map_lookup_elem(&buckets4, &index);
	int full = 1;

	if (!bucket)
		return NOBODY;
#pragma unroll
	for (int i = 0; i < SLOTS; i++) {
		__u64 word = *(volatile __u64 *)&bucket->slots[i];

		if ((__u32)word == tag && is_live(word >> 32))
			return FOUND(word, i);
		full &= word != 0;
	}
	return full ? ELSEWHERE : NOBODY;
}

/* Functions of their own, here and below: the verifier walks each once, and not for each place that calls it. */
__noinline __u64 look4(__u32 bucket, __u32 tag)
{
	__u64 place = place4(bucket, tag);

	return STATE(place) ? place + bucket * SLOTS : place;
}

/* Behind a first home that is full. The service may move an element from its second home there meanwhile: it is asked again. */
__noinline __u64 look_on4(__u32 first, __u32 second, __u32 tag)
{
	__u64 found = look4(second, tag);

	return STATE(found) ? found : look4(first, tag);
}

static __always_inline __u64 find4(__u32 tag, int table)
{
	struct home home = home4(tag, table, &shape);
	__u64 place = place4(home.first, tag);

	if (STATE(place))
		return place + home.first * SLOTS;
	return place == ELSEWHERE ? look_on4(home.first, home.second, tag) : NOBODY;
}

static __always_inline __u64 place6(__u32 index, __u32 tag, __u64 high, __u64 low)
{
	struct bucket6 *bucket = bpf_map_lookup_elem(&buckets6, &index);
	int full = 1;

	if (!bucket)
		return NOBODY;
#pragma unroll
	for (int i = 0; i < SLOTS; i++) {
		__u64 word = *(volatile __u64 *)&bucket->slots[i];

		if ((__u32)word == tag && is_live(word >> 32) && bucket->records[i].high == high && bucket->records[i].low == low)
			return FOUND(word, i);
		full &= word != 0;
	}
	return full ? ELSEWHERE : NOBODY;
}

__noinline __u64 look6(__u32 bucket, __u32 tag, __u64 high, __u64 low)
{
	__u64 place = place6(bucket, tag, high, low);

	return STATE(place) ? place + (SLOT6 | bucket * SLOTS) : place;
}

__noinline __u64 look_on6(__u64 homes, __u32 tag, __u64 high, __u64 low)
{
	__u64 found = look6((__u32)homes, tag, high, low);

	return STATE(found) ? found : look6(homes >> 32, tag, high, low);
}

static __always_inline __u64 find6(__u64 high, __u64 low, __u32 length, __u32 table)
{
	struct home home = home6(high, low, length, table, &shape);
	__u64 place = place6(home.first, home.tag, high, low);

	if (STATE(place))
		return place + (SLOT6 | home.first * SLOTS);
	return place == ELSEWHERE ? look_on6((__u64)home.first << 32 | home.second, home.tag, high, low) : NOBODY;
}

#endif
