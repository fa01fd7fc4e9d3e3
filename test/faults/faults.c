/*
 * Loaded before libc (LD_PRELOAD) into a service under test: at a chosen system call it kills or stops the process, or has the call
 * fail. Orders come through a file of four words that is mapped here, so that a service which runs can be given one; what it counts
 * down is one count of all threads. test/faults/faults.ts writes it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

struct order {
	_Atomic uint32_t point;  /* one of the letters below; 0: none */
	_Atomic uint32_t left;   /* calls until then */
	_Atomic uint32_t action; /* KILL, STOP, or an errno that so many calls fail with */
	_Atomic uint32_t times;
};

enum { KILL = 10001, STOP = 10002 };

static struct order *order;

__attribute__((constructor)) static void map_order(void)
{
	const char *path = getenv("FAULTS_ORDER");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (mapped != MAP_FAILED)
		order = mapped;
	if (fd >= 0)
		close(fd);
}

/* A netlink socket of nf_tables. */
static bool is_netlink(int fd)
{
	int value = 0;
	socklen_t length = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &length) < 0 || value != AF_NETLINK)
		return false;
	length = sizeof(value);
	return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &value, &length) == 0 && value == NETLINK_NETFILTER;
}

/* A client's connection to the control socket: what parents and children talk over has no name. */
static bool is_control(int fd)
{
	struct sockaddr_un name = { 0 };
	socklen_t length = sizeof(name);

	return getsockname(fd, (struct sockaddr *)&name, &length) == 0 && name.sun_family == AF_UNIX && name.sun_path[0];
}

static bool is_file(int fd, const char *end)
{
	char link[64], path[4096];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < (ssize_t)strlen(end))
		return false;
	path[length] = 0;
	return strcmp(path + length - strlen(end), end) == 0;
}

static bool is_there(char point, int fd)
{
	switch (point) {
	case 'S': case 's': case 'R': case 'r':
		return is_netlink(fd);
	case 'Q': case 'A': case 'a':
		return is_control(fd);
	case 'W': case 'w':
		return is_file(fd, "/ledger.db-wal");
	case 'D':
		return is_file(fd, "/ledger.db");
	}
	return false;
}

/* Whether the call is to fail, with errno set. */
static bool meets(char point, int fd)
{
	int number = errno;
	uint32_t action;

	if (!order || order->point != (uint32_t)point || !is_there(point, fd)) {
		errno = number;
		return false;
	}
	errno = number;
	if (atomic_load(&order->left) > 1) {
		atomic_fetch_sub(&order->left, 1);
		return false;
	}
	action = order->action;
	if (action == KILL)
		kill(getpid(), SIGKILL);
	if (action == KILL || action == STOP) {
		order->point = 0;
		if (action == STOP)
			kill(getpid(), SIGSTOP);
		return false;
	}
	if (atomic_fetch_sub(&order->times, 1) <= 1)
		order->point = 0;
	errno = (int)action;
	return true;
}

/* The function behind this one. */
static void *behind(void **real, const char *name)
{
	if (!*real)
		*real = dlsym(RTLD_NEXT, name);
	return *real;
}

#define REAL(name) ((__typeof__(&name))behind(&real, #name))

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	static void *real;
	ssize_t result;

	if (meets('S', fd) || meets('A', fd))
		return -1;
	result = REAL(sendmsg)(fd, message, flags);
	return meets('s', fd) || meets('a', fd) ? -1 : result;
}

ssize_t recv(int fd, void *buffer, size_t length, int flags)
{
	static void *real;
	ssize_t result;

	if (meets('R', fd))
		return -1;
	result = REAL(recv)(fd, buffer, length, flags);
	/* Behind the last answer there is nothing to read. */
	return result < 0 && meets('r', fd) ? -1 : result;
}

ssize_t read(int fd, void *buffer, size_t length)
{
	static void *real;
	ssize_t result = REAL(read)(fd, buffer, length);

	if (result > 0)
		meets('Q', fd);
	return result;
}

ssize_t write(int fd, const void *buffer, size_t length)
{
	static void *real;
	ssize_t result;

	if (meets('A', fd) || meets('W', fd) || meets('D', fd))
		return -1;
	result = REAL(write)(fd, buffer, length);
	return meets('a', fd) || meets('w', fd) ? -1 : result;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	static void *real;
	ssize_t result;

	if (meets('A', fd))
		return -1;
	result = REAL(writev)(fd, parts, count);
	return meets('a', fd) ? -1 : result;
}

ssize_t pwrite64(int fd, const void *buffer, size_t length, off64_t offset)
{
	static void *real;
	ssize_t result;

	if (meets('W', fd) || meets('D', fd))
		return -1;
	result = REAL(pwrite64)(fd, buffer, length, offset);
	return meets('w', fd) ? -1 : result;
}
