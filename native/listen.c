/* Multicast groups and unix datagrams: they go up as they come, from the event loop, without a thread and without blocking. */
#include <errno.h>
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

/* Passes one datagram up; false when there is none left. */
static bool pass(struct listener *listener)
{
	ssize_t got = recv(listener->channel->fd, listener->datagram, DATAGRAM, MSG_DONTWAIT);

	if (got < 0 && errno != ENOBUFS)
		return errno == EINTR;
	call_up(listener, got < 0 ? NULL : listener->datagram, got < 0 ? 0 : (size_t)got);
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
