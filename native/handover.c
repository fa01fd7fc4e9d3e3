/* Sockets that outlive a process: handed to a service manager (man 3 sd_notify), and taken back by the next process. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "channel.h"
#include "failure.h"

static bool has_option(int fd, int option, int wanted)
{
	int value = -1;
	socklen_t length = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value == wanted;
}

/* The network namespace that a socket lives in; 0 where the kernel does not tell (before 5.14). */
static uint64_t namespace_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t length = sizeof(cookie);

	getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &length);
	return cookie;
}

static bool is_here(int fd, int protocol)
{
	int fresh = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	bool same = fresh >= 0 && namespace_of(fresh) == namespace_of(fd);

	if (fresh >= 0)
		close(fresh);
	return same;
}

napi_value channel_adopt(napi_env env, napi_callback_info info)
{
	napi_value argv[4];
	size_t argc = 4;
	int32_t fd, protocol, send_bytes, receive_bytes;
	int number = 0;

	if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 4 ||
	    napi_get_value_int32(env, argv[0], &fd) != napi_ok || napi_get_value_int32(env, argv[1], &protocol) != napi_ok ||
	    napi_get_value_int32(env, argv[2], &send_bytes) != napi_ok ||
	    napi_get_value_int32(env, argv[3], &receive_bytes) != napi_ok)
		return failure_misuse(env, "adopt(descriptor, protocol, sendBuffer, receiveBuffer)");
	/* Standard input, output and error are nobody's to adopt. */
	if (fd <= STDERR_FILENO)
		return failure_throw(env, EBADF, "getsockopt");
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return failure_throw(env, errno, "fcntl");
	if (!has_option(fd, SO_DOMAIN, AF_NETLINK) || !has_option(fd, SO_PROTOCOL, protocol))
		number = ENOTSOCK;
	else if (!is_here(fd, protocol))
		number = EXDEV;
	if (number) {
		close(fd);
		return failure_throw(env, number, "getsockopt");
	}
	channel_prepare(fd, send_bytes, receive_bytes);
	return channel_wrap_netlink(env, fd);
}

/* A path, or a name behind '@' in the abstract namespace; its length, or 0 for what is neither. */
static socklen_t address_of(napi_env env, napi_value value, struct sockaddr_un *address)
{
	size_t length;

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || length < 2 ||
	    length >= sizeof(address->sun_path))
		return 0;
	napi_get_value_string_utf8(env, value, address->sun_path, sizeof(address->sun_path), &length);
	if (address->sun_path[0] != '/' && address->sun_path[0] != '@')
		return 0;
	if (address->sun_path[0] == '@')
		address->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + length;
}

static void attach(struct msghdr *message, void *control, size_t size, int fd)
{
	struct cmsghdr *header;

	message->msg_control = control;
	message->msg_controllen = size;
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
}

napi_value datagram_notify(napi_env env, napi_callback_info info)
{
	napi_value argv[3];
	size_t argc = 3, length;
	struct sockaddr_un address;
	char text[2048];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = text };
	struct msghdr message = { .msg_name = &address, .msg_iov = &part, .msg_iovlen = 1 };
	int32_t passed;
	int fd, number = 0;

	if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 3 ||
	    napi_get_value_string_utf8(env, argv[1], text, sizeof(text), &length) != napi_ok ||
	    napi_get_value_int32(env, argv[2], &passed) != napi_ok)
		return failure_misuse(env, "notify(address, text, descriptor)");
	message.msg_namelen = address_of(env, argv[0], &address);
	if (message.msg_namelen == 0)
		return failure_throw(env, EAFNOSUPPORT, "sendmsg");
	part.iov_len = length;
	if (passed >= 0)
		attach(&message, control, sizeof(control), passed);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return failure_throw(env, errno, "socket");
	if (sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		number = errno;
	close(fd);
	return number ? failure_throw(env, number, "sendmsg") : NULL;
}
