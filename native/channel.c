#include "channel.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "failure.h"

static const napi_type_tag CHANNEL_TAG = { 0x64726f707365746eULL, 0x65746c696e6b0001ULL };

static void channel_finalize(napi_env env, void *data, void *hint)
{
	struct channel *channel = data;

	/* A running job and a listener both hold the object, so neither can be left here. */
	if (channel->fd >= 0)
		close(channel->fd);
	free(channel);
}

struct channel *channel_of(napi_env env, napi_callback_info info, size_t argc, napi_value *argv)
{
	size_t count = argc;
	bool tagged = false;
	void *channel = NULL;

	if (napi_get_cb_info(env, info, &count, argv, NULL, NULL) != napi_ok || count < 1 ||
	    napi_check_object_type_tag(env, argv[0], &CHANNEL_TAG, &tagged) != napi_ok || !tagged ||
	    napi_unwrap(env, argv[0], &channel) != napi_ok) {
		failure_misuse(env, "the first argument must be a channel");
		return NULL;
	}
	if (((struct channel *)channel)->closing) {
		failure_throw(env, EBADF, "netlink");
		return NULL;
	}
	return channel;
}

void channel_settle(struct channel *channel)
{
	if (!channel->closing || channel->jobs > 0 || channel->fd < 0)
		return;
	close(channel->fd);
	channel->fd = -1;
}

/*
 * Asks for a buffer beyond the system's limit, which takes CAP_NET_ADMIN in the initial user namespace, and else for as much
 * as an unprivileged process may have. The caller reads back what it got.
 */
static void set_buffer(int fd, int forced, int plain, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof(bytes)) < 0)
		setsockopt(fd, SOL_SOCKET, plain, &bytes, sizeof(bytes));
}

void channel_prepare(int fd, int send_bytes, int receive_bytes)
{
	int on = 1;

	set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, send_bytes);
	set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, receive_bytes);
	/* Best effort, both: the kernel's own sentence (4.12), and errors without a copy of the message (4.3). */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
}

static int open_socket(int protocol, int send_bytes, int receive_bytes, const char **syscall)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	*syscall = "socket";
	if (fd < 0)
		return -1;
	channel_prepare(fd, send_bytes, receive_bytes);
	*syscall = "bind";
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int number = errno;

		close(fd);
		errno = number;
		return -1;
	}
	return fd;
}

static void set_number(napi_env env, napi_value object, const char *name, double number)
{
	napi_value value;

	if (napi_create_double(env, number, &value) == napi_ok)
		napi_set_named_property(env, object, name, value);
}

static int buffer_size(int fd, int option)
{
	int bytes = 0;
	socklen_t length = sizeof(bytes);

	getsockopt(fd, SOL_SOCKET, option, &bytes, &length);
	return bytes;
}

static uint32_t port_of(int fd)
{
	struct sockaddr_nl address = { 0 };
	socklen_t length = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &length);
	return address.nl_pid;
}

napi_value channel_wrap(napi_env env, int fd)
{
	napi_value object;
	struct channel *channel = calloc(1, sizeof(*channel));

	if (!channel) {
		close(fd);
		return failure_throw(env, ENOMEM, "calloc");
	}
	channel->fd = fd;
	if (napi_create_object(env, &object) != napi_ok ||
	    napi_type_tag_object(env, object, &CHANNEL_TAG) != napi_ok ||
	    napi_wrap(env, object, channel, channel_finalize, NULL, NULL) != napi_ok) {
		channel_finalize(env, channel, NULL);
		return failure_misuse(env, "cannot wrap a channel");
	}
	set_number(env, object, "sendBuffer", buffer_size(fd, SO_SNDBUF));
	set_number(env, object, "receiveBuffer", buffer_size(fd, SO_RCVBUF));
	return object;
}

napi_value channel_wrap_netlink(napi_env env, int fd)
{
	napi_value channel = channel_wrap(env, fd);

	if (channel) {
		set_number(env, channel, "portid", port_of(fd));
		set_number(env, channel, "descriptor", fd);
	}
	return channel;
}

napi_value channel_open(napi_env env, napi_callback_info info)
{
	napi_value argv[3];
	size_t argc = 3;
	int32_t protocol, send_bytes, receive_bytes;
	const char *syscall;
	int fd;

	if (napi_get_cb_info(env, info, &argc, argv, NULL, NULL) != napi_ok || argc < 3 ||
	    napi_get_value_int32(env, argv[0], &protocol) != napi_ok ||
	    napi_get_value_int32(env, argv[1], &send_bytes) != napi_ok ||
	    napi_get_value_int32(env, argv[2], &receive_bytes) != napi_ok)
		return failure_misuse(env, "open(protocol, sendBuffer, receiveBuffer)");
	fd = open_socket(protocol, send_bytes, receive_bytes, &syscall);
	if (fd < 0)
		return failure_throw(env, errno, syscall);
	return channel_wrap_netlink(env, fd);
}

napi_value channel_join(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	uint32_t group;
	struct channel *channel = channel_of(env, info, 2, argv);

	if (!channel)
		return NULL;
	if (napi_get_value_uint32(env, argv[1], &group) != napi_ok)
		return failure_misuse(env, "join(channel, group)");
	if (setsockopt(channel->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return failure_throw(env, errno, "setsockopt");
	return NULL;
}

napi_value channel_close(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	struct channel *channel = channel_of(env, info, 1, argv);

	if (!channel)
		return NULL;
	channel->closing = true;
	listener_stop(channel);
	channel_settle(channel);
	return NULL;
}
