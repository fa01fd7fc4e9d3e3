/* The arena as JavaScript holds it: maps mapped into this process, formatted or adopted. */
#include "arena.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "held.h"
#include "presence.h"
#include "table.h"
#include "trail.h"
#include "value.h"
#include "xdp.h"
#include "../failure.h"

static const napi_type_tag ARENA_TAG = { 0x64726f70736574ULL, 0x6172656e610001ULL };

static const char *const AREA_NAMES[AREAS] = { "shape", "present4", "present6", "wide6", "blocks4", "buckets4", "buckets6" };

/* Elements that a table may have room for. */
#define MOST_ELEMENTS (1u << 26)

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
	trail_free(arena);
	free(arena->allowed);
	*arena = (struct arena){ 0 };
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
	int maps[AREAS];

	if (!value_arguments(env, info, 1, argv, "openArena(maps)"))
		return NULL;
	for (int area = 0; area < AREAS; area++) {
		if (value_property(env, argv[0], AREA_NAMES[area], &maps[area]) != VALUE_THERE)
			return failure_misuse(env, "openArena(maps): a descriptor by each map's name");
	}
	arena = calloc(1, sizeof(*arena));
	if (!arena)
		return failure_throw(env, ENOMEM, "calloc");
	for (int area = 0; area < AREAS; area++) {
		if (!map_area(&arena->areas[area], maps[area])) {
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

/* Whether the maps are as large as the shape says; to be asked before anything in them is touched. */
static bool fits(const struct arena *arena, const struct plan *plan)
{
	const size_t least[AREAS] = {
		[AREA_SHAPE] = sizeof(struct shape),
		[AREA_PRESENT4] = PRESENT4_WORDS * sizeof(uint64_t),
		[AREA_PRESENT6] = plan->present6 * sizeof(uint64_t),
		[AREA_WIDE6] = WIDE6_WORDS * sizeof(uint64_t),
		[AREA_BLOCKS4] = BLOCKS4 * sizeof(uint32_t),
		[AREA_BUCKETS4] = plan->buckets4 * sizeof(struct bucket4),
		[AREA_BUCKETS6] = plan->buckets6 * sizeof(struct bucket6),
	};

	for (int area = 0; area < AREAS; area++) {
		if (arena->areas[area].length < least[area])
			return false;
	}
	return true;
}

/* The arena in the first of `argc` arguments, with tables or without, or NULL with something thrown. */
static struct arena *mapped_of(napi_env env, napi_callback_info info, size_t argc, napi_value *argv, const char *usage)
{
	bool tagged = false;
	void *arena = NULL;

	if (!value_arguments(env, info, argc, argv, usage))
		return NULL;
	if (napi_check_object_type_tag(env, argv[0], &ARENA_TAG, &tagged) != napi_ok || !tagged ||
	    napi_unwrap(env, argv[0], &arena) != napi_ok || !((struct arena *)arena)->areas[AREA_SHAPE].memory) {
		failure_misuse(env, usage);
		return NULL;
	}
	return arena;
}

struct arena *arena_of(napi_env env, napi_callback_info info, size_t argc, napi_value *argv, const char *usage)
{
	struct arena *arena = mapped_of(env, info, argc, argv, usage);

	if (!arena || arena->shape)
		return arena;
	failure_misuse(env, usage);
	return NULL;
}

struct arena *arena_in(napi_env env, napi_value value)
{
	bool tagged = false;
	void *arena = NULL;

	if (napi_check_object_type_tag(env, value, &ARENA_TAG, &tagged) != napi_ok || !tagged ||
	    napi_unwrap(env, value, &arena) != napi_ok || !((struct arena *)arena)->shape)
		return NULL;
	return arena;
}

napi_value xdp_close_arena(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	struct arena *arena = mapped_of(env, info, 1, argv, "closeArena(arena)");

	if (arena)
		unmap(arena);
	return NULL;
}

static bool are_sizes(uint32_t addresses, uint32_t prefixes)
{
	return addresses > 0 && addresses <= MOST_ELEMENTS && prefixes > 0 && prefixes <= MOST_ELEMENTS;
}

static bool read_sizes(napi_env env, napi_value *argv, uint32_t *addresses, uint32_t *prefixes, bool *counting)
{
	return value_uint(env, argv[0], addresses) && value_uint(env, argv[1], prefixes) && value_bool(env, argv[2], counting) &&
	       are_sizes(*addresses, *prefixes);
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
	static const char usage[] = "format(arena, addresses, prefixes, counting, jiffies, since)";
	napi_value argv[6];
	struct arena *arena = mapped_of(env, info, 6, argv, usage);
	uint32_t addresses, prefixes;
	struct shape shape;
	struct plan plan;
	uint64_t jiffies, since;
	bool counting;

	if (!arena)
		return NULL;
	if (!read_sizes(env, argv + 1, &addresses, &prefixes, &counting) || !value_u64(env, argv[4], &jiffies) ||
	    !value_u64(env, argv[5], &since))
		return failure_misuse(env, usage);
	plan = arena_plan(&shape, addresses, prefixes, counting);
	if (!fits(arena, &plan))
		return failure_throw(env, EMSGSIZE, "format");
	if (((struct shape *)arena->areas[AREA_SHAPE].memory)->magic)
		return failure_throw(env, EEXIST, "format");
	if (getrandom(shape.seed, sizeof(shape.seed), 0) != sizeof(shape.seed))
		return failure_throw(env, errno, "getrandom");
	shape.shift = shift_for(arena_tick());
	/* Time begins a unit ago, so that it is never 0. */
	shape.epoch = jiffies - (1ull << shape.shift);
	arena->shape = arena->areas[AREA_SHAPE].memory;
	*arena->shape = shape;
	arena->knows_allowed = true;
	arena->earliest = NEVER;
	arena_set_clock(arena, jiffies, since);
	return NULL;
}

/* Whether somebody formatted these maps as this version does, and for maps of this size. */
static bool is_ours(const struct arena *arena, const struct shape *shape)
{
	struct shape expected;
	struct plan plan;

	if (arena->areas[AREA_SHAPE].length < sizeof(*shape) || shape->magic != LAYOUT_MAGIC || shape->version != LAYOUT_VERSION)
		return false;
	if (!are_sizes(shape->sizes[ADDRESSES4], shape->sizes[PREFIXES4]))
		return false;
	plan = arena_plan(&expected, shape->sizes[ADDRESSES4], shape->sizes[PREFIXES4], shape->counting);
	return memcmp(shape->first, expected.first, sizeof(expected.first)) == 0 &&
	       memcmp(shape->buckets, expected.buckets, sizeof(expected.buckets)) == 0 &&
	       shape->present6_bits == expected.present6_bits && shape->shift < 32 && fits(arena, &plan);
}

napi_value xdp_adopt(napi_env env, napi_callback_info info)
{
	napi_value argv[3];
	struct arena *arena = mapped_of(env, info, 3, argv, "adopt(arena, jiffies, since)");
	uint64_t jiffies, since;

	if (!arena)
		return NULL;
	if (!value_u64(env, argv[1], &jiffies) || !value_u64(env, argv[2], &since))
		return failure_misuse(env, "adopt(arena, jiffies, since)");
	if (!is_ours(arena, arena->areas[AREA_SHAPE].memory))
		return failure_throw(env, EINVAL, "adopt");
	arena->shape = arena->areas[AREA_SHAPE].memory;
	arena_set_clock(arena, jiffies, since);
	presence_adopt(arena);
	table_mend(arena);
	return NULL;
}
