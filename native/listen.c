/* Multicast groups and unix datagrams: they go up as they come, from the event loop, without a thread and without blocking. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <uv.h>

#include "channel.h"
#include "failure.h"

/* Datagrams read for one wake-up: a storm of events must not starve the rest of the event loop. */
#define AT_ONCE 64
#define DATAGRAM (128 * 1024)

struct listener {
	uv_poll_t poll;
	napi_env env;
	struct channel *channel;
	napi_ref owner;    /* the channel's object stays while somebody listens */
	napi_ref callback;
	napi_async_context context;
	napi_async_cleanup_hook_handle hook;
	bool stopping;
	bool paused;
	char datagram[DATAGRAM];
};

static void call_up(struct listener *listener, const void *bytes, size_t length)
{
	napi_env env = listener->env;
	napi_value argument, callback, receiver, result;

	if ((bytes ? napi_create_buffer_copy(env, length, bytes, NULL, &argument) : napi_get_null(env, &argument)) != napi_ok ||
	    napi_get_reference_value(env, listener->callback, &callback) != napi_ok ||
	    napi_get_global(env, &receiver) != napi_ok)
		return;
	if (napi_make_callback(env, listener->context, receiver, callback, 1, &argument, &result) == napi_pending_exception) {
		napi_value exception;

		if (napi_get_and_clear_last_exception(env, &exception) == napi_ok)
			napi_fatal_exception(env, exception);
	}
}

static ssize_t receive(struct listener *listener)
{
	return recv(listener->channel->fd, listener->datagram, DATAGRAM, MSG_DONTWAIT);
}

/*
 * Passes one datagram up; false when there is none left. A netlink socket that was overrun takes nothing more, and says nothing of
 * it, until it has been read empty: only behind that everything is heard again.
 */
static bool pass(struct listener *listener)
{
	ssize_t got = receive(listener);

	if (got < 0 && errno != ENOBUFS)
		return errno == EINTR;
	if (got >= 0) {
		call_up(listener, listener->datagram, (size_t)got);
		return true;
	}
	while (receive(listener) >= 0 || errno == EINTR || errno == ENOBUFS)
		;
	call_up(listener, NULL, 0);
	return true;
}

static void readable(uv_poll_t *poll, int status, int events)
{
	struct listener *listener = poll->data;
	napi_handle_scope scope;

	if (napi_open_handle_scope(listener->env, &scope) != napi_ok)
		return;
	for (int i = 0; i < AT_ONCE && !listener->stopping && !listener->paused && pass(listener); i++)
		;
	napi_close_handle_scope(listener->env, scope);
	/* An overrun is an error of the socket, which recv() has cleared by now; but libuv stops polling at any (EPOLLERR). */
	if (status < 0 && !listener->stopping && !listener->paused)
		uv_poll_start(poll, UV_READABLE, readable);
}

static void closed(uv_handle_t *handle)
{
	struct listener *listener = handle->data;
	struct channel *channel = listener->channel;
	napi_handle_scope scope;

	if (napi_open_handle_scope(listener->env, &scope) == napi_ok) {
		channel->jobs--;
		channel_settle(channel);
		napi_delete_reference(listener->env, listener->callback);
		napi_async_destroy(listener->env, listener->context);
		napi_delete_reference(listener->env, listener->owner);
		napi_close_handle_scope(listener->env, scope);
	}
	if (listener->hook)
		napi_remove_async_cleanup_hook(listener->hook);
	free(listener);
}

static void stop(struct listener *listener)
{
	if (listener->stopping)
		return;
	listener->stopping = true;
	listener->channel->listener = NULL;
	uv_poll_stop(&listener->poll);
	uv_close((uv_handle_t *)&listener->poll, closed);
}

void listener_stop(struct channel *channel)
{
	if (channel->listener)
		stop(channel->listener);
}

static void environment_ends(napi_async_cleanup_hook_handle handle, void *data)
{
	stop(data);
}

static bool attach(napi_env env, napi_value *argv, struct listener *listener)
{
	napi_value name;

	return napi_create_string_utf8(env, "dropset:listen", NAPI_AUTO_LENGTH, &name) == napi_ok &&
	       napi_async_init(env, NULL, name, &listener->context) == napi_ok &&
	       napi_create_reference(env, argv[0], 1, &listener->owner) == napi_ok &&
	       napi_create_reference(env, argv[1], 1, &listener->callback) == napi_ok &&
	       napi_add_async_cleanup_hook(env, environment_ends, listener, &listener->hook) == napi_ok;
}

napi_value channel_listen(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	struct channel *channel = channel_of(env, info, 2, argv);
	struct listener *listener;
	napi_valuetype type;
	uv_loop_t *loop;

	if (!channel)
		return NULL;
	/* A reference to any object could be kept; what cannot be called would lose every datagram in silence. */
	if (napi_typeof(env, argv[1], &type) != napi_ok || type != napi_function)
		return failure_misuse(env, "listen(channel, callback)");
	if (channel->listener)
		return failure_throw(env, EBUSY, "listen");
	listener = calloc(1, sizeof(*listener));
	if (!listener)
		return failure_throw(env, ENOMEM, "calloc");
	listener->env = env;
	listener->channel = channel;
	listener->poll.data = listener;
	if (napi_get_uv_event_loop(env, &loop) != napi_ok || uv_poll_init(loop, &listener->poll, channel->fd) != 0) {
		free(listener);
		return failure_throw(env, EINVAL, "epoll_ctl");
	}
	/* From here on the handle belongs to the loop: only closed() may free it. */
	channel->listener = listener;
	channel->jobs++;
	if (!attach(env, argv, listener) || uv_poll_start(&listener->poll, UV_READABLE, readable) != 0) {
		stop(listener);
		return failure_misuse(env, "listen(channel, callback)");
	}
	return NULL;
}

napi_value channel_pause(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	struct channel *channel = channel_of(env, info, 2, argv);
	bool paused;

	if (!channel)
		return NULL;
	if (napi_get_value_bool(env, argv[1], &paused) != napi_ok || !channel->listener)
		return failure_misuse(env, "pause(channel, paused)");
	channel->listener->paused = paused;
	if (paused)
		uv_poll_stop(&channel->listener->poll);
	else
		uv_poll_start(&channel->listener->poll, UV_READABLE, readable);
	return NULL;
}

/*
 * A filter (man 7 socket, SO_ATTACH_FILTER) looks at a datagram's first message: all messages of a datagram are of one
 * transaction. It loads words in network order.
 */
napi_value channel_ignore(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	uint32_t port;
	struct channel *channel = channel_of(env, info, 2, argv);

	if (!channel)
		return NULL;
	if (napi_get_value_uint32(env, argv[1], &port) != napi_ok)
		return failure_misuse(env, "ignore(channel, portid)");

	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct nlmsghdr, nlmsg_pid)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(port), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog program = { .len = sizeof(steps) / sizeof(steps[0]), .filter = steps };

	if (setsockopt(channel->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		return failure_throw(env, errno, "setsockopt");
	return NULL;
}
