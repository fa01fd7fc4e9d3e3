/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* From a frame to a source address: Ethernet, up to two VLAN tags, IPv4 (RFC 791) or IPv6 (RFC 8200). */
#ifndef DROPSET_PARSE_H
#define DROPSET_PARSE_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "layout.h"

/* What is known of a packet. Addresses as in `struct record6`. */
struct packet {
	void *network; /* the IP header, whole and checked */
	void *end;     /* behind the frame's last byte */
	__u64 high;
	__u64 low;
	__u32 family;
	__u64 bytes; /* of the frame; of one in fragments, what is in the first */
};

struct vlan_tag {
	__be16 control;
	__be16 protocol;
};

static __always_inline enum verdict parse_ipv4(struct packet *packet)
{
	struct iphdr *header = packet->network;

	if ((void *)(header + 1) > packet->end || header->version != 4 || header->ihl < 5 ||
	    packet->network + header->ihl * 4 > packet->end)
		return MALFORMED;
	packet->family = 4;
	packet->high = (__u64)bpf_ntohl(header->saddr) << 32;
	packet->low = 0;
	return CLEAN;
}

static __always_inline enum verdict parse_ipv6(struct packet *packet)
{
	struct ipv6hdr *header = packet->network;
	__be64 halves[2];

	if ((void *)(header + 1) > packet->end || header->version != 6)
		return MALFORMED;
	__builtin_memcpy(halves, &header->saddr, sizeof(halves));
	packet->family = 6;
	packet->high = bpf_be64_to_cpu(halves[0]);
	packet->low = bpf_be64_to_cpu(halves[1]);
	return CLEAN;
}

/* CLEAN, with the packet filled in, or what is to become of a frame that has no source address that we could know. */
static __always_inline enum verdict parse(struct xdp_md *context, struct packet *packet)
{
	struct ethhdr *ethernet = (void *)(long)context->data;
	void *at = ethernet + 1;
	__be16 protocol;

	packet->end = (void *)(long)context->data_end;
	packet->bytes = context->data_end - context->data;
	if (at > packet->end)
		return MALFORMED;
	protocol = ethernet->h_proto;
#pragma unroll
	for (int i = 0; i < VLAN_TAGS; i++) {
		struct vlan_tag *tag = at;

		if (protocol != bpf_htons(ETH_P_8021Q) && protocol != bpf_htons(ETH_P_8021AD))
			break;
		if ((void *)(tag + 1) > packet->end)
			return MALFORMED;
		protocol = tag->protocol;
		at = tag + 1;
	}
	packet->network = at;
	if (protocol == bpf_htons(ETH_P_IP))
		return parse_ipv4(packet);
	if (protocol == bpf_htons(ETH_P_IPV6))
		return parse_ipv6(packet);
	return UNKNOWN;
}

#endif
