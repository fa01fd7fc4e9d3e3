/*
 * Puts keys into a BPF map by BPF_MAP_UPDATE_BATCH, and prints how long the kernel took.
 *
 *     bulk KEYSIZE VALUE 3<>MAP <KEYS
 *
 * The map is descriptor 3. KEYS are one behind the other; VALUE, in hexadecimal digits, is the value of each.
 * Prints {"elements":N,"ns":X}. Needs root and Linux 5.6 (for a trie 5.13).
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	MAP = 3,
	BATCH = 4096, /* elements a system call */
	MOST = 64 << 20, /* bytes of keys */
	VALUE = 64,
};

static void die(const char *what)
{
	fprintf(stderr, "bulk: %s\n", what);
	exit(2);
}

static void die_errno(const char *what)
{
	fprintf(stderr, "bulk: %s: %s\n", what, strerror(errno));
	exit(1);
}

static size_t read_keys(char *keys)
{
	size_t length = 0;
	ssize_t got;
	while ((got = read(STDIN_FILENO, keys + length, MOST - length)) > 0)
		length += got;
	if (got < 0)
		die_errno("read");
	if (length == MOST)
		die("at most 64 MiB of keys");
	return length;
}

static size_t parse_value(const char *text, uint8_t value[VALUE])
{
	size_t length = strlen(text) / 2;
	if (length == 0 || length > VALUE || strlen(text) % 2 != 0)
		die("VALUE must be of 1 to 64 bytes, two digits each");
	for (size_t i = 0; i < length; i++) {
		if (sscanf(text + i * 2, "%2hhx", &value[i]) != 1)
			die("VALUE must be hexadecimal");
	}
	return length;
}

static double nanoseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static void update(const char *keys, const void *values, uint32_t count)
{
	union bpf_attr attr = {
		.batch = {
			.map_fd = MAP,
			.keys = (uintptr_t)keys,
			.values = (uintptr_t)values,
			.count = count,
		},
	};
	if (syscall(SYS_bpf, BPF_MAP_UPDATE_BATCH, &attr, sizeof attr) < 0)
		die_errno("BPF_MAP_UPDATE_BATCH");
}

int main(int argc, char **argv)
{
	int key_size = argc == 3 ? atoi(argv[1]) : 0;
	uint8_t value[VALUE];
	if (key_size < 1 || key_size > 64)
		die("usage: bulk KEYSIZE VALUE 3<>MAP <KEYS");
	size_t value_size = parse_value(argv[2], value);
	char *keys = malloc(MOST), *values = malloc(BATCH * value_size);
	if (!keys || !values)
		die_errno("malloc");
	for (int i = 0; i < BATCH; i++)
		memcpy(values + i * value_size, value, value_size);
	size_t count = read_keys(keys) / key_size;
	double start = nanoseconds();
	for (size_t done = 0; done < count; done += BATCH)
		update(keys + done * key_size, values, count - done < BATCH ? count - done : BATCH);
	printf("{\"elements\":%zu,\"ns\":%.0f}\n", count, nanoseconds() - start);
	return 0;
}
