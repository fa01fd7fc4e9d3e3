/* Sends frames from a file out of an interface, again and again, until it is asked to end; then prints how many. Each is of the same size. */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile sig_atomic_t over;

static void end(int signal)
{
	(void)signal;
	over = 1;
}

int main(int argc, char **argv)
{
	static unsigned char frames[1 << 20];
	size_t size, length, at = 0;
	unsigned long sent = 0;
	FILE *file;
	int fd;

	if (argc != 4)
		return 2;
	size = strtoul(argv[3], NULL, 10);
	file = fopen(argv[2], "rb");
	length = file ? fread(frames, 1, sizeof(frames), file) : 0;
	if (!size || length < size || length % size)
		return 2;
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(argv[1]),
	};
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return 1;
	signal(SIGTERM, end);
	printf("ready\n");
	fflush(stdout);
	while (!over) {
		if (send(fd, frames + at, size, 0) == (ssize_t)size)
			sent++;
		at = at + size == length ? 0 : at + size;
	}
	printf("%lu\n", sent);
	return 0;
}
