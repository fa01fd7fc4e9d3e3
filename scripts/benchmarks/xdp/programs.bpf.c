/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * The program that is measured, and those beside it. But for the last two, each writes the next source address into the frame first: one
 * address again and again would show nothing but a warm cache. Loaded with the maps of the real program.
 */
#include <linux/bpf.h>

/* The real program, as a part of the one below. */
int dropset(struct xdp_md *context) __attribute__((always_inline));

#include "../../../native/bpf/drop.bpf.c"
#include "numbers.h"

/* Which addresses come: `count` numbers from `first` on, in no order. */
struct aim {
	__u32 kind;
	__u32 first;
	__u32 count;
	__u32 state; /* of the generator: the seed */
};

ARRAY(aims, struct aim, 1);

struct ban {
	__u64 until; /* jiffies */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1000000);
	__type(key, __u32);
	__type(value, struct ban);
} hashed SEC(".maps");

struct trie_key {
	__u32 length;
	__be32 address;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1100000);
	__type(key, struct trie_key);
	__type(value, struct ban);
} trie SEC(".maps");

/* Knuth's and Lewis's generator; its upper bits are the good ones. */
static __always_inline __u32 next_number(struct aim *aim)
{
	aim->state = aim->state * 1664525 + 1013904223;
	return aim->first + ((__u64)aim->state * aim->count >> 32);
}

static __always_inline int take_aim(struct xdp_md *context)
{
	void *frame = (void *)(long)context->data;
	__u32 zero = 0;
	struct aim *aim = bpf_map_lookup_elem(&aims, &zero);
	__u32 number;

	if (!aim || frame + sizeof(struct ethhdr) + sizeof(struct ipv6hdr) > (void *)(long)context->data_end)
		return 0;
	number = next_number(aim);
	if (aim->kind >= ADDRESS6) {
		__be64 halves[2] = { bpf_cpu_to_be64(number6(number, aim->kind)), bpf_cpu_to_be64(1) };
		struct ipv6hdr *header = frame + sizeof(struct ethhdr);

		__builtin_memcpy(&header->saddr, halves, sizeof(halves));
	} else {
		struct iphdr *header = frame + sizeof(struct ethhdr);

		header->saddr = bpf_htonl(number4(number, aim->kind));
	}
	/* What follows is to read the frame, and not what the compiler remembers of it. */
	asm volatile("" ::: "memory");
	return 1;
}

/* As `dropset` ends, with what another structure has found. */
static __always_inline int finish(const struct packet *packet, const struct ban *ban)
{
	__u64 verdict = ban && ban->until > bpf_jiffies64() ? BANNED : CLEAN;

	return conclude(JUDGEMENT(verdict, NOWHERE), packet->bytes);
}

SEC("xdp")
int empty(struct xdp_md *context)
{
	return take_aim(context) ? XDP_PASS : XDP_ABORTED;
}

SEC("xdp")
int aimed(struct xdp_md *context)
{
	return take_aim(context) ? dropset(context) : XDP_ABORTED;
}

SEC("xdp")
int in_hash(struct xdp_md *context)
{
	struct packet packet = {};
	__u32 address;

	if (!take_aim(context) || parse(context, &packet) != CLEAN)
		return XDP_ABORTED;
	address = packet.high >> 32;
	return finish(&packet, bpf_map_lookup_elem(&hashed, &address));
}

SEC("xdp")
int in_trie(struct xdp_md *context)
{
	struct packet packet = {};
	struct trie_key key = { .length = 32 };

	if (!take_aim(context) || parse(context, &packet) != CLEAN)
		return XDP_ABORTED;
	key.address = bpf_htonl(packet.high >> 32);
	return finish(&packet, bpf_map_lookup_elem(&trie, &key));
}

/* The least that dropping a packet can cost. */
SEC("xdp")
int bare(struct xdp_md *context)
{
	return XDP_DROP;
}

/* And with a look at the source, which any program takes that drops some packets and not all. */
SEC("xdp")
int reading(struct xdp_md *context)
{
	struct packet packet = {};

	return parse(context, &packet) == CLEAN && packet.high ? XDP_DROP : XDP_PASS;
}
