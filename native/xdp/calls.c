/* The calls of elements.h, from JavaScript: records in, found elements out. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "elements.h"
#include "held.h"
#include "value.h"
#include "xdp.h"
#include "../bpf/hash.h"
#include "../failure.h"

/* Elements that one call may look for or hand over. */
#define MOST 65536
#define MOST_VERB ((RULES - 1) << RECORD_RULE_SHIFT | RECORD_ADD | RECORD_OBSERVE)
#define NO_VERB (0xffu & ~(RECORD_ADD | RECORD_OBSERVE))

napi_value xdp_describe(napi_env env, napi_callback_info info)
{
	napi_value argv[1], result;
	struct arena *arena = arena_of(env, info, 1, argv, "describe(arena)");
	const struct shape *shape;
	uint64_t held = 0, bytes = 0;

	if (!arena)
		return NULL;
	shape = arena->shape;
	for (int table = 0; table < TABLES; table++)
		held += shape->held[table];
	for (int area = 0; area < AREAS; area++)
		bytes += arena->areas[area].length;
	result = value_object(env);
	value_set_number(env, result, "magic", shape->magic);
	value_set_number(env, result, "version", shape->version);
	value_set_number(env, result, "addresses", shape->sizes[ADDRESSES4]);
	value_set_number(env, result, "prefixes", shape->sizes[PREFIXES4]);
	value_set_number(env, result, "counting", shape->counting);
	value_set_number(env, result, "held", (double)held);
	value_set_number(env, result, "slots", slots_of(shape));
	value_set_number(env, result, "bytes", (double)bytes);
	value_set_number(env, result, "now", arena_now(arena));
	value_set_bool(env, result, "due", arena->stale || arena_now(arena) >= arena->earliest);
	return result;
}

/* An address that is masked, of a family that there is: whatever else would be marked or shifted out of bounds. */
static bool is_record(const struct record *record)
{
	uint32_t length = length_of(record->kind);

	if (record->verb > MOST_VERB || record->verb & NO_VERB)
		return false;
	if (family_of(record->kind) == 4)
		return length <= 32 && record->high == high_masked(record->high, length) && record->low == 0;
	return family_of(record->kind) == 6 && length <= 128 && record->high == high_masked(record->high, length) &&
	       record->low == low_masked(record->low, length);
}

static struct record *records_of(napi_env env, napi_value value, size_t *count)
{
	static struct record none;
	struct record *records;
	size_t length;

	if (!value_bytes(env, value, 0, (void **)&records, &length) || length % sizeof(struct record) != 0 ||
	    length / sizeof(struct record) > MOST || (uintptr_t)records % _Alignof(struct record) != 0) {
		failure_misuse(env, "records: a Buffer of whole ones, aligned, at most 65,536");
		return NULL;
	}
	*count = length / sizeof(struct record);
	for (size_t i = 0; i < *count; i++) {
		if (!is_record(&records[i])) {
			failure_misuse(env, "records: prefixes of IPv4 or IPv6 without host bits, and verbs");
			return NULL;
		}
	}
	/* An empty Buffer may have no memory. */
	return records ? records : &none;
}

static struct key key_of(const struct record *record)
{
	return (struct key){ .high = record->high, .low = record->low, .kind = record->kind };
}

napi_value xdp_allow(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	struct arena *arena = arena_of(env, info, 2, argv, "allow(arena, records)");
	struct record *records;
	struct key *keys;
	size_t count;

	if (!arena || !(records = records_of(env, argv[1], &count)))
		return NULL;
	keys = calloc(count + 1, sizeof(*keys));
	if (!keys)
		return failure_throw(env, ENOMEM, "calloc");
	for (size_t i = 0; i < count; i++)
		keys[i] = key_of(&records[i]);
	elements_allow(arena, keys, count);
	return NULL;
}

napi_value xdp_apply(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	struct arena *arena = arena_of(env, info, 2, argv, "apply(arena, records)");
	struct record *records;
	size_t count;

	if (!arena || !(records = records_of(env, argv[1], &count)))
		return NULL;
	return value_number(env, elements_apply(arena, records, count));
}

napi_value xdp_find(napi_env env, napi_callback_info info)
{
	napi_value argv[2], result = NULL;
	struct arena *arena = arena_of(env, info, 2, argv, "find(arena, records)");
	struct record *records;
	struct found *found;
	size_t count;
	void *memory;

	if (!arena || !(records = records_of(env, argv[1], &count)))
		return NULL;
	if (napi_create_buffer(env, count * sizeof(*found), &memory, &result) != napi_ok)
		return failure_throw(env, ENOMEM, "find");
	found = memory;
	for (size_t i = 0; i < count; i++) {
		struct key key = key_of(&records[i]);

		found[i] = elements_find(arena, &key);
	}
	return result;
}

napi_value xdp_walk(napi_env env, napi_callback_info info)
{
	napi_value argv[3], result;
	struct arena *arena = arena_of(env, info, 3, argv, "walk(arena, from, slots)");
	uint32_t next, slots;
	struct found *found;
	size_t count;

	if (!arena)
		return NULL;
	if (!value_uint(env, argv[1], &next) || !value_uint(env, argv[2], &slots) || next > slots_of(arena->shape) || slots > MOST)
		return failure_misuse(env, "walk(arena, from, slots)");
	found = malloc((slots + 1) * sizeof(*found));
	if (!found)
		return failure_throw(env, ENOMEM, "malloc");
	count = elements_walk(arena, &next, slots, found, slots);
	result = value_object(env);
	value_set_number(env, result, "next", next);
	value_set(env, result, "found", value_copy(env, found, count * sizeof(*found)));
	free(found);
	return result;
}

napi_value xdp_copy(napi_env env, napi_callback_info info)
{
	static const char usage[] = "copy(arena, into, from, slots)";
	struct arena *from, *to;
	napi_value argv[4];
	uint32_t next, slots;

	if (!value_arguments(env, info, 4, argv, usage))
		return NULL;
	from = arena_in(env, argv[0]);
	to = arena_in(env, argv[1]);
	if (!from || !to || !value_uint(env, argv[2], &next) || !value_uint(env, argv[3], &slots) ||
	    next > slots_of(from->shape))
		return failure_misuse(env, usage);
	if (!elements_copy(from, to, &next, slots))
		return failure_throw(env, ENOSPC, "copy");
	return value_number(env, next);
}

napi_value xdp_sweep(napi_env env, napi_callback_info info)
{
	napi_value argv[2], result = NULL;
	struct arena *arena = arena_of(env, info, 2, argv, "sweep(arena, slots)");
	uint32_t slots;

	if (!arena)
		return NULL;
	if (!value_uint(env, argv[1], &slots))
		return failure_misuse(env, "sweep(arena, slots)");
	napi_get_boolean(env, elements_sweep(arena, slots), &result);
	return result;
}
