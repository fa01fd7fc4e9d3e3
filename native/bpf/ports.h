/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/* Transport protocol and destination port, for addresses that are banned from some ports alone. */
#ifndef DROPSET_PORTS_H
#define DROPSET_PORTS_H

#include "parse.h"

#define FRAGMENT_OFFSET 0x1fff

struct transport {
	void *header; /* behind the IP headers; NULL in a later fragment, which has none */
	__u8 protocol;
};

struct extension {
	__u8 next;
	__u8 length; /* in units of 8 bytes, without the first */
	__be16 offset; /* of a fragment header: in its upper 13 bits */
	__u8 rest[4];
};

static __always_inline struct transport transport4(struct packet *packet)
{
	struct iphdr *header = packet->network;
	struct transport found = {};

	if ((void *)(header + 1) > packet->end)
		return found;
	found.protocol = header->protocol;
	if (!(header->frag_off & bpf_htons(FRAGMENT_OFFSET)))
		found.header = packet->network + header->ihl * 4;
	return found;
}

static __always_inline int is_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS ||
	       protocol == IPPROTO_FRAGMENT;
}

static __always_inline struct transport transport6(struct packet *packet)
{
	struct ipv6hdr *header = packet->network;
	struct transport found = {};
	void *at = header + 1;

	if (at > packet->end)
		return found;
	found.protocol = header->nexthdr;
	for (int i = 0; i < EXTENSION_HEADERS && is_extension(found.protocol); i++) {
		struct extension *extension = at;
		int is_fragment = found.protocol == IPPROTO_FRAGMENT;

		if ((void *)(extension + 1) > packet->end)
			return found;
		found.protocol = extension->next;
		if (is_fragment && extension->offset & bpf_htons(0xfff8))
			return found;
		at += is_fragment ? 8 : (extension->length + 1) * 8;
	}
	if (!is_extension(found.protocol))
		found.header = at;
	return found;
}

/* The destination port in host order; -1 where there is none. It is in the same place in all that have ports. */
static __always_inline int port_of(const struct transport *transport, void *end)
{
	__be16 *ports = transport->header;

	if (transport->protocol != IPPROTO_TCP && transport->protocol != IPPROTO_UDP && transport->protocol != IPPROTO_SCTP &&
	    transport->protocol != IPPROTO_DCCP && transport->protocol != IPPROTO_UDPLITE)
		return -1;
	return ports && (void *)(ports + 2) <= end ? bpf_ntohs(ports[1]) : -1;
}

/* RFC 9293, 3.1: the byte of flags, and those that at least one is set of in every segment but the one that opens a connection. */
#define TCP_FLAGS 13
#define ACK_OR_RST 0x14

/* Whether it is a TCP segment that opens no connection. A function of its own, as `judge_ports`. */
__noinline int opens_nothing(struct xdp_md *context)
{
	struct packet packet = {};
	struct transport transport;
	__u8 *flags;

	if (parse(context, &packet) != CLEAN)
		return 0;
	transport = packet.family == 4 ? transport4(&packet) : transport6(&packet);
	flags = transport.header + TCP_FLAGS;
	if (transport.protocol != IPPROTO_TCP || !transport.header || (void *)(flags + 1) > packet.end)
		return 0;
	return (*flags & ACK_OR_RST) != 0;
}

#endif
