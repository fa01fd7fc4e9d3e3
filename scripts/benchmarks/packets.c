/*
 * Sends packets up the receive path of an interface without a network, and prints what one of them cost.
 *
 *     cc -O2 -o packets packets.c
 *     packets IFACE DSTMAC DSTIP fixed ADDRESS PACKETS        every packet from one source
 *     packets IFACE DSTMAC DSTIP random BASE COUNT PACKETS    sources uniform in [BASE, BASE + COUNT)
 *     packets out IFACE ...                                   out of IFACE instead, to the other end of a veth pair
 *
 * prints {"packets":N,"ns_per_packet":X,"wall_ns_per_packet":Y}: X by the kernel's clock around its loop, Y by ours
 * around the system calls, in which making and freeing the frames is 15 to 30 ms a call. Needs root and Linux 5.18.
 *
 * BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES runs an XDP program over frames of its own, and what the program
 * passes enters the stack as if IFACE had received it: nft ingress, prerouting, input. No wire, no second machine, and
 * the whole cost falls on the calling thread. The kernel's word on it: Documentation/bpf/bpf_prog_run.rst.
 * Sent out, frames wait in the peer's ring of 256 for its NAPI poll, and what does not fit is lost: count what arrived.
 * The peer has a NAPI poll only with an XDP program in native mode, or with GRO on.
 *
 * What IFACE (sending out: its peer) needs, in a network namespace of its own (each seen by counting what arrived):
 *   - to be a veth, up, with DSTMAC its own address: frames for others vanish. On lo none reach the input hook;
 *   - DSTIP as its address, and either rp_filter 0 on it and on "all", or a default route through it;
 *   - something that drops UDP port 9 behind what is measured, or the kernel answers by ICMP.
 * Sources in 127/8 and 224/4 are martians, which the kernel drops behind prerouting.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "source.h"

enum {
	FRAME = 64,
	BATCH = 64,     /* NAPI_POLL_WEIGHT: what a driver hands up at once */
	STEP = 1000000, /* packets a system call, so that a signal is not waited for too long */
	MOST = 20000000,
};

struct job {
	uint32_t action; /* XDP_PASS: up; XDP_TX: out */
	uint32_t ifindex;
	uint8_t mac[6];
	struct in_addr target;
	uint32_t base; /* host order */
	uint64_t count;
	uint32_t packets;
};

static void die(const char *what)
{
	fprintf(stderr, "packets: %s\n", what);
	exit(2);
}

static void die_errno(const char *what)
{
	fprintf(stderr, "packets: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint16_t checksum(const uint8_t *header)
{
	uint32_t sum = 0;
	for (int i = 0; i < 20; i += 2)
		sum += header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* UDP to the discard port, 64 bytes in all, source and id zero. The UDP checksum stays zero: none. */
static void build_frame(uint8_t frame[FRAME], const struct job *job)
{
	const uint8_t ether[8] = { 0x02, 0, 0, 0, 0, 0x01, 0x08, 0x00 };
	const uint8_t ip[16] = { 0x45, 0, 0, FRAME - IP, 0, 0, 0, 0, 64, 17 };
	const uint8_t udp[8] = { 0x9c, 0x40, 0, 9, 0, FRAME - IP_END };
	memset(frame, 0, FRAME);
	memcpy(frame, job->mac, 6);
	memcpy(frame + 6, ether, sizeof ether);
	memcpy(frame + IP, ip, sizeof ip);
	memcpy(frame + IP + 16, &job->target, 4);
	memcpy(frame + IP_END, udp, sizeof udp);
	uint16_t sum = checksum(frame + IP);
	memcpy(frame + IP + 10, &sum, 2);
}

/* Answers the kernel's time for a packet in whole ns. */
static uint32_t run_step(int program, const uint8_t *frame, uint32_t ifindex, uint32_t repeat)
{
	/* data_end tells the kernel the frame's length; with live frames there is nothing to hand back. */
	struct xdp_md context = { .data_end = FRAME, .ingress_ifindex = ifindex };
	union bpf_attr attr = {
		.test = {
			.prog_fd = program,
			.data_in = (uintptr_t)frame,
			.data_size_in = FRAME,
			.ctx_in = (uintptr_t)&context,
			.ctx_size_in = sizeof context,
			.repeat = repeat,
			.batch_size = BATCH,
			.flags = BPF_F_TEST_XDP_LIVE_FRAMES,
		},
	};
	if (bpf(BPF_PROG_TEST_RUN, &attr) < 0)
		die_errno("BPF_PROG_TEST_RUN");
	return attr.test.duration;
}

static double nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

/* Answers the kernel's time for all packets in ns. */
static double run(const struct job *job, int program)
{
	uint8_t frame[FRAME];
	double total = 0;
	build_frame(frame, job);
	for (uint32_t left = job->packets, step; left > 0; left -= step) {
		step = left < STEP ? left : STEP;
		total += (double)step * run_step(program, frame, job->ifindex, step);
	}
	return total;
}

static uint32_t address(const char *text)
{
	struct in_addr parsed;
	if (inet_pton(AF_INET, text, &parsed) != 1)
		die("an address must be IPv4, as 192.0.2.1");
	return ntohl(parsed.s_addr);
}

static uint64_t number(const char *text, uint64_t most, const char *complaint)
{
	char *end;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || value < 1 || value > most)
		die(complaint);
	return value;
}

static void parse_mac(const char *text, uint8_t mac[6])
{
	char rest;
	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5, &rest) != 6)
		die("DSTMAC must be as 02:00:00:00:00:02");
}

static struct job parse(int argc, char **argv)
{
	uint32_t action = argc > 1 && strcmp(argv[1], "out") == 0 ? XDP_TX : XDP_PASS;
	if (action == XDP_TX) {
		argc--;
		argv++;
	}
	int is_fixed = argc == 7 && strcmp(argv[4], "fixed") == 0;
	int is_random = argc == 8 && strcmp(argv[4], "random") == 0;
	if (!is_fixed && !is_random)
		die("usage: packets [out] IFACE DSTMAC DSTIP fixed ADDRESS PACKETS | random BASE COUNT PACKETS");
	struct job job = { .action = action, .ifindex = if_nametoindex(argv[1]), .base = address(argv[5]), .count = 1 };
	if (job.ifindex == 0)
		die_errno(argv[1]);
	parse_mac(argv[2], job.mac);
	job.target.s_addr = htonl(address(argv[3]));
	if (is_random)
		job.count = number(argv[6], (1ull << 32) - job.base, "COUNT must be 1 or more, and BASE + COUNT inside IPv4");
	job.packets = number(argv[argc - 1], MOST, "PACKETS must be from 1 to 20000000");
	return job;
}

int main(int argc, char **argv)
{
	struct job job = parse(argc, argv);
	/* Before Linux 5.11 programs counted as locked memory; a refusal shows at the load. */
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	int program = load_program(job.base, job.count, job.action);
	if (program < 0)
		die_errno("BPF_PROG_LOAD");
	double start = nanoseconds();
	double inside = run(&job, program);
	double wall = nanoseconds() - start;
	printf("{\"packets\":%u,\"ns_per_packet\":%.1f,\"wall_ns_per_packet\":%.1f}\n",
	       job.packets, inside / job.packets, wall / job.packets);
	return 0;
}
