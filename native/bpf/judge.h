/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* What is to become of a packet with a source address. Allowed comes before banned, and banned before observed. */
#ifndef DROPSET_JUDGE_H
#define DROPSET_JUDGE_H

#include "find.h"
#include "parse.h"
#include "ports.h"

/*
 * A judgement: a verdict above, with the rule that it was said by, if there was one; and below the slot of the element that said so, or
 * NOWHERE. One number, because that is what a function on its own can return.
 */
#define JUDGEMENT(verdict, slot) ((__u64)(verdict) << 32 | (slot))
#define BY_RULE(judgement, rule) ((judgement) | (__u64)(rule) << 40)
#define VERDICT(judgement) ((judgement) >> 32 & 0xff)
#define RULE(judgement) ((__u32)((judgement) >> 40) & (RULES - 1))

static __always_inline int is_allowed(const struct packet *packet)
{
	struct allow_key key = { .length = ALLOW_LENGTH(128), .family = bpf_htonl(packet->family) };
	__be64 halves[2] = { bpf_cpu_to_be64(packet->high), bpf_cpu_to_be64(packet->low) };

	__builtin_memcpy(key.address, halves, sizeof(key.address));
	return bpf_map_lookup_elem(&allow, &key) != NULL;
}

static __always_inline int is_in(const struct ports *ports, __u8 protocol, int port)
{
	if (ports->protocol != protocol)
		return 0;
	if (ports->first == 0 && ports->last == 0xffff)
		return 1;
	return port >= ports->first && port <= ports->last;
}

/*
 * What a rule says of a packet. A function of its own, so that the verifier walks it once, and so it reads the frame again: pointers
 * into it cannot be handed over.
 */
__noinline int judge_ports(struct xdp_md *context, __u32 number)
{
	struct rule *rule = bpf_map_lookup_elem(&scopes, &number);
	struct packet packet = {};
	struct transport transport;
	int port, found = 0;

	if (!rule || parse(context, &packet) != CLEAN)
		return CLEAN;
	transport = packet.family == 4 ? transport4(&packet) : transport6(&packet);
	port = port_of(&transport, packet.end);
	for (__u32 i = 0; i < RANGES && i < rule->count && !found; i++)
		found = is_in(&rule->ranges[i], transport.protocol, port);
	if (!found)
		return CLEAN;
	return rule->observes ? OBSERVED : BANNED;
}

/* What an element says of a packet that it covers. Its rule is not in the word that was read with its state: it may have moved since. */
static __always_inline __u64 weigh_scoped(struct xdp_md *context, __u64 found)
{
	struct count *count = count_in(SLOT(found));
	__u32 rule = count ? RULE_OF(*(volatile __u64 *)&count->packets) : 0;
	int verdict = CLEAN;

	if (rule && word_in(SLOT(found)) >> 32 == STATE(found))
		verdict = judge_ports(context, rule);
	return verdict == CLEAN ? JUDGEMENT(CLEAN, NOWHERE) : BY_RULE(JUDGEMENT(verdict, SLOT(found)), rule);
}

static __always_inline __u64 weigh(struct xdp_md *context, __u64 found)
{
	__u32 state = STATE(found);

	if (!is_live(state))
		return JUDGEMENT(CLEAN, NOWHERE);
	if (state & STATE_SCOPED)
		return weigh_scoped(context, found);
	return JUDGEMENT(state & STATE_OBSERVE ? OBSERVED : BANNED, SLOT(found));
}

/* What one more element says counts if it is harder. */
static __always_inline __u64 harder(__u64 judgement, __u64 other)
{
	if (VERDICT(other) == BANNED || (VERDICT(other) == OBSERVED && VERDICT(judgement) != OBSERVED))
		return other;
	return judgement;
}

/*
 * What the prefix of one length says which an address is in. Functions of their own: the verifier walks them once, and not for each
 * length.
 */
__noinline __u64 weigh_prefix4(struct xdp_md *context, __u32 address, __u32 length)
{
	__u32 masked = high_masked((__u64)address << 32, length) >> 32;

	return weigh(context, find4(tag4(masked, length), PREFIXES4));
}

__noinline __u64 weigh_prefix6(struct xdp_md *context, __u64 high, __u64 low, __u32 length, __u32 table)
{
	if (table >= TABLES)
		return JUDGEMENT(CLEAN, NOWHERE);
	return weigh(context, find6(high_masked(high, length), low_masked(low, length), length, table));
}

static __always_inline __u64 weigh_prefixes4(struct xdp_md *context, __u32 address, __u64 judgement)
{
	struct lengths *lengths = &shape.lengths[shape.active & 1];
	__u32 block = address >> (32 - BLOCK_LENGTH);
	__u32 index = block / BLOCKS_A_WORD;
	__u64 *word = bpf_map_lookup_elem(&blocks4, &index);
	__u32 here = word ? *word >> (block % BLOCKS_A_WORD * 32) : 0;

	for (__u32 i = 0; i < LENGTHS4 && i < lengths->count4 && VERDICT(judgement) != BANNED; i++) {
		__u32 length = lengths->list4[i];

		if (here >> (length & 31) & 1)
			judgement = harder(judgement, weigh_prefix4(context, address, length));
	}
	return judgement;
}

static __always_inline __u64 judge4(struct xdp_md *context, const struct packet *packet)
{
	__u32 address = packet->high >> 32;
	__u32 present = cell(&present4, address >> 8);
	__u64 judgement = JUDGEMENT(CLEAN, NOWHERE);

	if (!present)
		return judgement;
	if (present == CELL_ALLOW && is_allowed(packet))
		return JUDGEMENT(ALLOWED, NOWHERE);
	if (present & CELL_ADDRESSES)
		judgement = weigh(context, find4(address, ADDRESSES4));
	return present & CELL_PREFIXES ? weigh_prefixes4(context, address, judgement) : judgement;
}

/* Whether a prefix of that length may begin where the one begins that an address is in: its first /64 has a cell too. */
static __always_inline int may_begin(const struct packet *packet, __u32 length)
{
	return cell(&present6, cell_of_64(high_masked(packet->high, length), &shape)) & CELL_PREFIXES;
}

#define WEIGH_PREFIXES6(judgement, context, packet, count, list, most, table)                             \
	for (__u32 i_ = 0; i_ < (most) && i_ < (count) && VERDICT(judgement) != BANNED; i_++) {           \
		__u32 length_ = (list)[i_];                                                               \
													  \
		if (may_begin(packet, length_))                                                           \
			judgement = harder(judgement,                                                     \
					   weigh_prefix6(context, (packet)->high, (packet)->low, length_, table)); \
	}

static __always_inline __u64 judge6(struct xdp_md *context, const struct packet *packet)
{
	__u32 present = cell(&present6, cell_of_64(packet->high, &shape));
	__u32 wide = cell(&wide6, cell_of_32(packet->high, &shape));
	struct lengths *lengths = &shape.lengths[shape.active & 1];
	__u64 judgement = JUDGEMENT(CLEAN, NOWHERE);

	if (!(present | wide))
		return judgement;
	if (wide == CELL_ALLOW && is_allowed(packet))
		return JUDGEMENT(ALLOWED, NOWHERE);
	if (present & CELL_ADDRESSES)
		judgement = weigh(context, find6(packet->high, packet->low, 128, ELEMENTS6));
	if (present & CELL_PREFIXES) {
		WEIGH_PREFIXES6(judgement, context, packet, lengths->count6_long, lengths->list6_long, LENGTHS6_LONG, ELEMENTS6);
	}
	if (wide & CELL_PREFIXES) {
		WEIGH_PREFIXES6(judgement, context, packet, lengths->count6_wide, lengths->list6_wide, LENGTHS6_WIDE, PREFIXES6);
	}
	return judgement;
}

#endif
