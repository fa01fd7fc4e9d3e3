/* One socket, netlink or unix datagram, and who still needs it. */
#ifndef DROPSET_CHANNEL_H
#define DROPSET_CHANNEL_H

#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

struct listener;

struct channel {
	int fd;                    /* -1 once closed */
	int jobs;                  /* exchanges in the thread pool; the descriptor outlives them */
	bool closing;              /* close() was called: the last job closes the descriptor */
	struct listener *listener; /* NULL unless listen() was called */
};

/*
 * The channel in the first of `argc` arguments, which are read into `argv`. Throws and answers NULL for anything that is no
 * open channel. The JavaScript object owns the channel and frees it.
 */
struct channel *channel_of(napi_env env, napi_callback_info info, size_t argc, napi_value *argv);

/* Wraps the descriptor, and owns it from here on, whatever happens. */
napi_value channel_wrap(napi_env env, int fd);

/* As channel_wrap, of a netlink socket: with its port and its descriptor's number. */
napi_value channel_wrap_netlink(napi_env env, int fd);

/* Buffers, and how the kernel answers. */
void channel_prepare(int fd, int send_bytes, int receive_bytes);

/* Closes the descriptor if close() was called and no job needs it any more. */
void channel_settle(struct channel *channel);

napi_value channel_open(napi_env env, napi_callback_info info);  /* open(protocol, sendBuffer, receiveBuffer) */
napi_value channel_join(napi_env env, napi_callback_info info);  /* join(channel, group) */
napi_value channel_close(napi_env env, napi_callback_info info); /* close(channel) */

/* exchange(channel, request | null, limit): Promise<{replies, more, overrun}> */
napi_value channel_exchange(napi_env env, napi_callback_info info);

/* listen(channel, callback): callback(bytes) for each datagram, callback(null) where the kernel dropped some */
napi_value channel_listen(napi_env env, napi_callback_info info);

/* pause(channel, paused): until it is resumed, datagrams wait in the kernel */
napi_value channel_pause(napi_env env, napi_callback_info info);

/* ignore(channel, portid): datagrams that this port caused are not heard, and take no room */
napi_value channel_ignore(napi_env env, napi_callback_info info);

/* adopt(descriptor, protocol, sendBuffer, receiveBuffer): a netlink socket of that protocol, here; anything else is closed */
napi_value channel_adopt(napi_env env, napi_callback_info info);

napi_value datagram_notify(napi_env env, napi_callback_info info); /* notify(address, text, descriptor or -1) */

napi_value datagram_bind(napi_env env, napi_callback_info info);  /* bindDatagram(path): channel */
napi_value datagram_probe(napi_env env, napi_callback_info info); /* probeDatagram(path): throws if nobody listens */
napi_value clock_status(napi_env env, napi_callback_info info);
napi_value barrier_wait(napi_env env, napi_callback_info info);
napi_value launch_start(napi_env env, napi_callback_info info);
napi_value launch_reap(napi_env env, napi_callback_info info);

/* Ends listening, if any. */
void listener_stop(struct channel *channel);

#endif
