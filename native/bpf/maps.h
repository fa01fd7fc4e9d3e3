/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* The maps. Sizes of 1 are placeholders: the loader sets them from the configuration. */
#ifndef DROPSET_MAPS_H
#define DROPSET_MAPS_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "layout.h"

#define ARRAY(name, kind, entries)                   \
	struct {                                     \
		__uint(type, BPF_MAP_TYPE_ARRAY);    \
		__uint(map_flags, BPF_F_MMAPABLE);   \
		__uint(max_entries, entries);        \
		__type(key, __u32);                  \
		__type(value, kind);                 \
	} name SEC(".maps")

ARRAY(present4, __u64, PRESENT4_WORDS);
ARRAY(present6, __u64, 1);
ARRAY(wide6, __u64, WIDE6_WORDS);
ARRAY(blocks4, __u64, BLOCKS4 / BLOCKS_A_WORD);
ARRAY(buckets4, struct bucket4, 1);
ARRAY(buckets6, struct bucket6, 1);

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct allow_key);
	__type(value, __u8);
} allow SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, RULES);
	__type(key, __u32);
	__type(value, struct rule);
} scopes SEC(".maps");

/* What each rule has dropped or observed; at 0 what was observed without one. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RULES);
	__type(key, __u32);
	__type(value, struct count);
} scope_tallies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tally);
} tallies SEC(".maps");

struct shape shape;

#endif
