/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Drops packets from banned addresses before the kernel has built anything for them.
 *
 * A clean packet pays for one look at a presence cell (IPv6: two) and for its count. Behind a set cell the tables are asked, and
 * before anything is dropped, the allowed prefixes.
 */
#include "judge.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Adds up what a CPU has kept to itself, unless somebody else has moved into the slot meanwhile. */
static __always_inline void settle(struct tally *tally)
{
	if (tally->packets && (__u32)word_in(tally->slot) == tally->tag)
		add_count(tally->slot, tally->packets, tally->bytes);
	tally->packets = 0;
	tally->bytes = 0;
}

/*
 * An atomic addition for each packet would have the CPUs that share a flood fight for one cache line: each adds up its own
 * first.
 */
static __always_inline void count_element(struct tally *tally, __u32 slot, __u64 bytes)
{
	__u32 tag = word_in(slot);

	if (tally->slot != slot || tally->tag != tag || tally->packets >= PENDING) {
		settle(tally);
		tally->slot = slot;
		tally->tag = tag;
	}
	tally->packets++;
	tally->bytes += bytes;
}

static __always_inline void count_rule(__u32 rule, __u64 bytes)
{
	struct count *count = bpf_map_lookup_elem(&scope_tallies, &rule);

	if (!count)
		return;
	count->packets++;
	count->bytes += bytes;
}

/* The one exit. */
static __always_inline int conclude(__u64 judgement, __u64 bytes)
{
	__u32 zero = 0;
	struct tally *tally = bpf_map_lookup_elem(&tallies, &zero);

	if (tally) {
		struct count *count = &tally->verdicts[VERDICT(judgement) & (VERDICTS - 1)];

		count->packets++;
		count->bytes += bytes;
		if (SLOT(judgement) != NOWHERE && shape.counting)
			count_element(tally, SLOT(judgement), bytes);
	}
	if (RULE(judgement) || VERDICT(judgement) == OBSERVED)
		count_rule(RULE(judgement), bytes);
	return VERDICT(judgement) == BANNED ? XDP_DROP : XDP_PASS;
}

static __always_inline __u64 spare(struct xdp_md *context, __u64 judgement, int spares)
{
	return spares && VERDICT(judgement) == BANNED && opens_nothing(context) ? JUDGEMENT(ALLOWED, NOWHERE) : judgement;
}

/* Each family concludes by itself: where they meet, the verifier takes three times as long. */
static __always_inline int decide(struct xdp_md *context, int spares)
{
	struct packet packet = {};
	int verdict = parse(context, &packet);

	if (verdict != CLEAN)
		return conclude(JUDGEMENT(verdict, NOWHERE), packet.bytes);
	if (packet.family == 4)
		return conclude(spare(context, judge4(context, &packet), spares), packet.bytes);
	return conclude(spare(context, judge6(context, &packet), spares), packet.bytes);
}

SEC("xdp")
int dropset(struct xdp_md *context)
{
	return decide(context, 0);
}

/* The same, but of TCP it drops only what opens a connection. A program of its own: who does not want that does not pay for it. */
SEC("xdp")
int dropset_sparing(struct xdp_md *context)
{
	return decide(context, 1);
}

/* Writes the kernel's jiffies over the frame's first 8 bytes: run by hand, attached to nothing. */
SEC("xdp")
int jiffies(struct xdp_md *context)
{
	__u64 *now = (void *)(long)context->data;

	if ((void *)(now + 1) > (void *)(long)context->data_end)
		return XDP_ABORTED;
	*now = bpf_jiffies64();
	return XDP_PASS;
}
