/* The second addon: what needs libbpf. The first one works without it. */
#include <stddef.h>

#include "arena.h"
#include "value.h"
#include "xdp.h"

#define SIZE(name, type) { name, sizeof(type) }
#define OFFSET(name, type, field) { name, offsetof(type, field) }

static const struct {
	const char *name;
	uint32_t value;
} LAYOUT[] = {
	{ "version", LAYOUT_VERSION },
	{ "magic", LAYOUT_MAGIC },
	SIZE("record", struct record),
	OFFSET("record.high", struct record, high),
	OFFSET("record.low", struct record, low),
	OFFSET("record.kind", struct record, kind),
	OFFSET("record.verb", struct record, verb),
	OFFSET("record.left", struct record, left),
	SIZE("found", struct found),
	OFFSET("found.high", struct found, high),
	OFFSET("found.low", struct found, low),
	OFFSET("found.kind", struct found, kind),
	OFFSET("found.state", struct found, state),
	OFFSET("found.left", struct found, left),
	OFFSET("found.packets", struct found, packets),
	OFFSET("found.bytes", struct found, bytes),
	OFFSET("found.slot", struct found, slot),
	OFFSET("found.tag", struct found, tag),
	OFFSET("found.rule", struct found, rule),
	SIZE("tally", struct tally),
	OFFSET("tally.verdicts", struct tally, verdicts),
	OFFSET("tally.slot", struct tally, slot),
	OFFSET("tally.tag", struct tally, tag),
	OFFSET("tally.packets", struct tally, packets),
	OFFSET("tally.bytes", struct tally, bytes),
	{ "rules", RULES },
	SIZE("rule", struct rule),
	OFFSET("rule.count", struct rule, count),
	OFFSET("rule.ranges", struct rule, ranges),
	SIZE("ports", struct ports),
	OFFSET("ports.last", struct ports, last),
	OFFSET("ports.protocol", struct ports, protocol),
	SIZE("count", struct count),
	SIZE("allow", struct allow_key),
	OFFSET("allow.family", struct allow_key, family),
	OFFSET("allow.address", struct allow_key, address),
	SIZE("shape", struct shape),
	OFFSET("shape.version", struct shape, version),
	SIZE("bucket4", struct bucket4),
	SIZE("bucket6", struct bucket6),
};

napi_value xdp_layout(napi_env env)
{
	napi_value object = value_object(env);

	for (size_t i = 0; i < sizeof(LAYOUT) / sizeof(LAYOUT[0]); i++)
		value_set_number(env, object, LAYOUT[i].name, LAYOUT[i].value);
	return object;
}

NAPI_MODULE_INIT()
{
	const napi_property_descriptor properties[] = {
		{ "load", NULL, xdp_load, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "pin", NULL, xdp_pin, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "openPin", NULL, xdp_open_pin, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "inspect", NULL, xdp_inspect, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "programById", NULL, xdp_program, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "attach", NULL, xdp_attach, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "updateLink", NULL, xdp_update_link, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "detachLink", NULL, xdp_detach_link, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "testRun", NULL, xdp_test_run, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "close", NULL, xdp_close, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "lookup", NULL, xdp_lookup, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "update", NULL, xdp_update, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "remove", NULL, xdp_delete, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "nextKey", NULL, xdp_next_key, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "plan", NULL, xdp_plan, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "openArena", NULL, xdp_open_arena, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "closeArena", NULL, xdp_close_arena, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "format", NULL, xdp_format, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "adopt", NULL, xdp_adopt, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "describe", NULL, xdp_describe, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "allow", NULL, xdp_allow, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "apply", NULL, xdp_apply, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "find", NULL, xdp_find, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "walk", NULL, xdp_walk, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "copy", NULL, xdp_copy, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "sweep", NULL, xdp_sweep, NULL, NULL, NULL, napi_enumerable, NULL },
		{ "layout", NULL, NULL, NULL, NULL, xdp_layout(env), napi_enumerable, NULL },
	};

	napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
	return exports;
}
