/*
 * Says when packets of an address stopped to arrive.
 *
 *   probe send DESTINATION PORT     orders on standard input: start FIRST_SOURCE COUNT INTERVAL_US | stop
 *   probe receive PORT              orders on standard input: dump
 *
 * The sender sends one datagram from each of COUNT consecutive addresses every INTERVAL_US, stamped with CLOCK_MONOTONIC, which
 * all processes of a machine share. The receiver keeps the newest stamp of each address; `dump` prints "ADDRESS NANOSECONDS" a
 * line and an empty line, and forgets them. IPv4; build with cc -O2.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define MOST 256

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static int bound(uint32_t address, uint16_t port)
{
	struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof(local)) < 0) {
		perror("probe: bind");
		exit(1);
	}
	return fd;
}

/* One order from standard input, if there is one; exits at its end. */
static int order(char *line, int size)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };

	if (poll(&input, 1, 0) <= 0)
		return 0;
	if (!fgets(line, size, stdin))
		exit(0);
	return 1;
}

static int send_all(const char *destination, uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct in_addr first;
	char line[128], text[64];
	int sockets[MOST], count = 0, wanted;
	long interval = 1000;
	uint64_t due = 0;

	if (inet_pton(AF_INET, destination, &to.sin_addr) != 1)
		return 2;
	for (;;) {
		if (order(line, sizeof(line))) {
			while (count > 0)
				close(sockets[--count]);
			if (sscanf(line, "start %63s %d %ld", text, &wanted, &interval) == 3 && wanted <= MOST &&
			    inet_pton(AF_INET, text, &first) == 1)
				for (; count < wanted; count++)
					sockets[count] = bound(ntohl(first.s_addr) + (uint32_t)count, 0);
			puts("ok");
			due = now();
		}
		for (int i = 0; i < count; i++) {
			uint64_t stamp = now();

			sendto(sockets[i], &stamp, sizeof(stamp), 0, (struct sockaddr *)&to, sizeof(to));
		}
		due += (uint64_t)(count ? interval : 1000) * 1000;
		struct timespec until = { .tv_sec = (time_t)(due / 1000000000ull), .tv_nsec = (long)(due % 1000000000ull) };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
	}
}

static int receive_all(uint16_t port)
{
	struct { uint32_t address; uint64_t stamp; } seen[MOST];
	int fd = bound(INADDR_ANY, port), count = 0;
	char line[128];

	for (;;) {
		struct pollfd both[2] = { { .fd = 0, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
		struct sockaddr_in from;
		socklen_t length = sizeof(from);
		uint64_t stamp;

		poll(both, 2, -1);
		while (recvfrom(fd, &stamp, sizeof(stamp), MSG_DONTWAIT, (struct sockaddr *)&from, &length) == sizeof(stamp)) {
			int i = 0;

			while (i < count && seen[i].address != from.sin_addr.s_addr)
				i++;
			if (i == MOST)
				continue;
			seen[i].address = from.sin_addr.s_addr;
			seen[i].stamp = stamp;
			count += i == count;
		}
		if (!(both[0].revents & (POLLIN | POLLHUP)))
			continue;
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		for (int i = 0; i < count; i++)
			printf("%s %llu\n", inet_ntoa((struct in_addr){ seen[i].address }), (unsigned long long)seen[i].stamp);
		puts("");
		count = 0;
	}
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	setvbuf(stdin, NULL, _IONBF, 0);
	prctl(PR_SET_TIMERSLACK, 1);
	if (argc == 4 && !strcmp(argv[1], "send"))
		return send_all(argv[2], (uint16_t)atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "receive"))
		return receive_all((uint16_t)atoi(argv[2]));
	fprintf(stderr, "usage: probe send DESTINATION PORT | probe receive PORT\n");
	return 2;
}
