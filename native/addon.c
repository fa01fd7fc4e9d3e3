/* What the addon exports. Descriptors, sends and receives only: no policy, no meaning. */
#include <linux/netlink.h>
#include <node_api.h>
#include <stddef.h>

#include "channel.h"

/* Sizes and offsets of the kernel's structures, which a test compares with the layout that TypeScript assumes. */
static const struct {
	const char *name;
	uint32_t value;
} LAYOUT[] = {
	{ "nlmsghdr", sizeof(struct nlmsghdr) },
	{ "nlmsghdr.type", offsetof(struct nlmsghdr, nlmsg_type) },
	{ "nlmsghdr.flags", offsetof(struct nlmsghdr, nlmsg_flags) },
	{ "nlmsghdr.sequence", offsetof(struct nlmsghdr, nlmsg_seq) },
	{ "nlmsghdr.port", offsetof(struct nlmsghdr, nlmsg_pid) },
	{ "nlattr", sizeof(struct nlattr) },
	{ "nlattr.type", offsetof(struct nlattr, nla_type) },
	{ "nlmsgerr", sizeof(struct nlmsgerr) },
	{ "nlmsgerr.message", offsetof(struct nlmsgerr, msg) },
};

static napi_value layout(napi_env env)
{
	napi_value object, value;

	if (napi_create_object(env, &object) != napi_ok)
		return NULL;
	for (size_t i = 0; i < sizeof(LAYOUT) / sizeof(LAYOUT[0]); i++) {
		if (napi_create_uint32(env, LAYOUT[i].value, &value) == napi_ok)
			napi_set_named_property(env, object, LAYOUT[i].name, value);
	}
	return object;
}

NAPI_MODULE_INIT()
{
	const napi_property_descriptor properties[] = {
		{ "open", NULL, channel_open, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "adopt", NULL, channel_adopt, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "join", NULL, channel_join, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "close", NULL, channel_close, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "exchange", NULL, channel_exchange, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "listen", NULL, channel_listen, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "pause", NULL, channel_pause, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "ignore", NULL, channel_ignore, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "notify", NULL, datagram_notify, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "bindDatagram", NULL, datagram_bind, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "probeDatagram", NULL, datagram_probe, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "clockStatus", NULL, clock_status, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "barrier", NULL, barrier_wait, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "launch", NULL, launch_start, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "reap", NULL, launch_reap, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "layout", NULL, NULL, NULL, NULL, layout(env), napi_enumerable, NULL },
	};

	napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
	return exports;
}
