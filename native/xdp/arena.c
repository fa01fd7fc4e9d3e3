/* The arena as JavaScript holds it: maps mapped into this process, and the calls of elements.h. */
#include "arena.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "elements.h"
#include "presence.h"
#include "value.h"
#include "xdp.h"
#include "../failure.h"

static const napi_type_tag ARENA_TAG = { 0x64726f70736574ULL, 0x6172656e610001ULL };

static const char *const AREA_NAMES[AREAS] = { "shape", "present4", "present6", "wide6", "blocks4", "buckets4", "buckets6" };

/* Elements that one call may look for or hand over. */
#define MOST 65536

static void unmap(struct arena *arena)
{
	for (int area = 0; area < AREAS; area++) {
		if (arena->areas[area].memory)
			munmap(arena->areas[area].memory, arena->areas[area].length);
		arena->areas[area].memory = NULL;
	}
	if (arena->sweep.running)
		presence_free(&arena->sweep.fresh);
	arena->sweep.running = false;
	free(arena->allowed);
	arena->allowed = NULL;
	arena->allowed_count = 0;
	arena->shape = NULL;
}

static void finalize(napi_env env, void *data, void *hint)
{
	unmap(data);
	free(data);
}

static bool map_area(struct mapping *mapping, int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (bpf_obj_get_info_by_fd(fd, &info, &length) < 0)
		return false;
	/* The kernel lays values out in steps of 8 bytes. */
	mapping->length = ((size_t)(info.value_size + 7) / 8 * 8 * info.max_entries + page - 1) / page * page;
	mapping->memory = mmap(NULL, mapping->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapping->memory != MAP_FAILED)
		return true;
	mapping->memory = NULL;
	return false;
}

static void name_areas(struct arena *arena)
{
	arena->shape = arena->areas[AREA_SHAPE].memory;
	arena->presence.cells4 = arena->areas[AREA_PRESENT4].memory;
	arena->presence.cells6 = arena->areas[AREA_PRESENT6].memory;
	arena->presence.wide6 = arena->areas[AREA_WIDE6].memory;
	arena->presence.blocks4 = arena->areas[AREA_BLOCKS4].memory;
	arena->buckets4 = arena->areas[AREA_BUCKETS4].memory;
	arena->buckets6 = arena->areas[AREA_BUCKETS6].memory;
}

napi_value xdp_open_arena(napi_env env, napi_callback_info info)
{
	napi_value argv[1], object;
	struct arena *arena;
	uint32_t fd;

	if (!value_arguments(env, info, 1, argv, "openArena(maps)"))
		return NULL;
	arena = calloc(1, sizeof(*arena));
	if (!arena)
		return failure_throw(env, ENOMEM, "calloc");
	for (int area = 0; area < AREAS; area++) {
		if (!value_property(env, argv[0], AREA_NAMES[area], &fd) || !map_area(&arena->areas[area], (int)fd)) {
			int number = errno;

			finalize(env, arena, NULL);
			return failure_throw(env, number, "mmap");
		}
	}
	name_areas(arena);
	if (napi_create_object(env, &object) != napi_ok || napi_type_tag_object(env, object, &ARENA_TAG) != napi_ok ||
	    napi_wrap(env, object, arena, finalize, NULL, NULL) != napi_ok) {
		finalize(env, arena, NULL);
		return failure_misuse(env, "cannot wrap an arena");
	}
	return object;
}

/* The open arena in the first of `argc` arguments, or NULL with something thrown. */
static struct arena *arena_of(napi_env env, napi_callback_info info, size_t argc, napi_value *argv, const char *usage)
{
	bool tagged = false;
	void *arena = NULL;

	if (!value_arguments(env, info, argc, argv, usage))
		return NULL;
	if (napi_check_object_type_tag(env, argv[0], &ARENA_TAG, &tagged) != napi_ok || !tagged ||
	    napi_unwrap(env, argv[0], &arena) != napi_ok || !((struct arena *)arena)->shape) {
		failure_misuse(env, usage);
		return NULL;
	}
	return arena;
}

napi_value xdp_close_arena(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	struct arena *arena = arena_of(env, info, 1, argv, "closeArena(arena)");

	if (arena)
		unmap(arena);
	return NULL;
}

static bool read_sizes(napi_env env, napi_value *argv, uint32_t *addresses, uint32_t *prefixes, bool *counting)
{
	return value_uint(env, argv[0], addresses) && value_uint(env, argv[1], prefixes) && value_bool(env, argv[2], counting) &&
	       *addresses > 0 && *addresses <= 1u << 26 && *prefixes > 0 && *prefixes <= 1u << 26;
}

napi_value xdp_plan(napi_env env, napi_callback_info info)
{
	napi_value argv[3], result;
	uint32_t addresses, prefixes;
	bool counting;
	struct shape shape;
	struct plan plan;

	if (!value_arguments(env, info, 3, argv, "plan(addresses, prefixes, counting)"))
		return NULL;
	if (!read_sizes(env, argv, &addresses, &prefixes, &counting))
		return failure_misuse(env, "plan(addresses, prefixes, counting)");
	plan = arena_plan(&shape, addresses, prefixes, counting);
	result = value_object(env);
	value_set_number(env, result, "present6", plan.present6);
	value_set_number(env, result, "buckets4", plan.buckets4);
	value_set_number(env, result, "buckets6", plan.buckets6);
	return result;
}

/* Ticks that make a unit of at most this many ns: 30 bits of them are more than eight years. */
#define LONGEST_UNIT 256000000u

static uint32_t shift_for(uint64_t tick)
{
	uint32_t shift = 0;

	while (tick << (shift + 1) <= LONGEST_UNIT)
		shift++;
	return shift;
}

napi_value xdp_format(napi_env env, napi_callback_info info)
{
	napi_value argv[5];
	struct arena *arena = arena_of(env, info, 5, argv, "format(arena, addresses, prefixes, counting, jiffies)");
	uint32_t addresses, prefixes;
	struct shape shape;
	uint64_t jiffies;
	bool counting;

	if (!arena)
		return NULL;
	if (!read_sizes(env, argv + 1, &addresses, &prefixes, &counting) || !value_u64(env, argv[4], &jiffies))
		return failure_misuse(env, "format(arena, addresses, prefixes, counting, jiffies)");
	arena_plan(&shape, addresses, prefixes, counting);
	if (getrandom(shape.seed, sizeof(shape.seed), 0) != sizeof(shape.seed))
		return failure_throw(env, errno, "getrandom");
	shape.shift = shift_for(arena_tick());
	/* Time begins a unit ago, so that it is never 0. */
	shape.epoch = jiffies - (1ull << shape.shift);
	*arena->shape = shape;
	arena->earliest = NEVER;
	arena_set_clock(arena, jiffies);
	return NULL;
}

napi_value xdp_adopt(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	struct arena *arena = arena_of(env, info, 2, argv, "adopt(arena, jiffies)");
	uint64_t jiffies;

	if (!arena)
		return NULL;
	if (!value_u64(env, argv[1], &jiffies))
		return failure_misuse(env, "adopt(arena, jiffies)");
	arena_set_clock(arena, jiffies);
	presence_adopt(arena);
	return NULL;
}

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

static struct record *records_of(napi_env env, napi_value value, size_t *count)
{
	void *bytes;
	size_t length;

	if (!value_bytes(env, value, 0, &bytes, &length) || length % sizeof(struct record) != 0 ||
	    length / sizeof(struct record) > MOST) {
		failure_misuse(env, "records: a Buffer of whole ones, at most 65,536");
		return NULL;
	}
	*count = length / sizeof(struct record);
	/* An empty Buffer may have no memory. */
	return bytes ? bytes : (void *)1;
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

/* Both arenas, open. */
static bool two_arenas(napi_env env, napi_value *argv, struct arena **from, struct arena **to)
{
	struct arena **arenas[2] = { from, to };

	for (int i = 0; i < 2; i++) {
		bool tagged = false;

		if (napi_check_object_type_tag(env, argv[i], &ARENA_TAG, &tagged) != napi_ok || !tagged ||
		    napi_unwrap(env, argv[i], (void **)arenas[i]) != napi_ok || !(*arenas[i])->shape)
			return false;
	}
	return true;
}

napi_value xdp_copy(napi_env env, napi_callback_info info)
{
	static const char usage[] = "copy(arena, into, from, slots)";
	struct arena *from, *to;
	napi_value argv[4];
	uint32_t next, slots;

	if (!value_arguments(env, info, 4, argv, usage))
		return NULL;
	if (!two_arenas(env, argv, &from, &to) || !value_uint(env, argv[2], &next) || !value_uint(env, argv[3], &slots) ||
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
