/* The maps of layout.h as this process sees them: mapped memory, and one writer of it. */
#ifndef DROPSET_ARENA_H
#define DROPSET_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../bpf/layout.h"

#define NOWHERE UINT32_MAX

/* The maps that are mapped, in this order. */
enum area { AREA_SHAPE, AREA_PRESENT4, AREA_PRESENT6, AREA_WIDE6, AREA_BLOCKS4, AREA_BUCKETS4, AREA_BUCKETS6, AREAS };

struct mapping {
	void *memory;
	size_t length;
};

/* An element: address left-aligned, as in `struct record6`, and masked. */
struct key {
	uint64_t high;
	uint64_t low;
	uint32_t kind; /* KIND(family, prefix length) */
};

/* The same as TypeScript writes it, and what is to become of it. */
struct record {
	uint64_t high;
	uint64_t low;
	uint32_t kind;
	uint32_t verb; /* RECORD_*, and the number of its rule */
	double left;   /* milliseconds until it ends; infinite for ever */
};

#define RECORD_REMOVE 0u
#define RECORD_ADD 1u
#define RECORD_OBSERVE 2u /* with RECORD_ADD: count, do not drop */
/* With RECORD_ADD: which packets it is about; 0: all. */
#define RECORD_RULE_SHIFT 8
#define RECORD_RULE(verb) ((verb) >> RECORD_RULE_SHIFT)

/* An element as TypeScript reads it. */
struct found {
	uint64_t high;
	uint64_t low;
	uint32_t kind; /* 0: there is none */
	uint32_t state;
	double left;
	uint64_t packets;
	uint64_t bytes;
	uint32_t slot;
	uint32_t tag; /* with the slot, what a CPU's tally calls it */
	uint32_t rule;
	uint32_t unused;
};

struct presence {
	uint64_t *cells4;
	uint64_t *cells6;
	uint64_t *wide6;
	uint32_t *blocks4;
};

/* Which prefix lengths are in use: one bit each. */
struct in_use {
	uint64_t lengths4;
	uint64_t lengths6_wide;
	uint64_t lengths6_long;
};

/* What a slot was before somebody wrote it. */
struct image {
	uint32_t slot;
	uint64_t word;
	struct record6 record; /* of IPv4 the count alone */
};

/* How a batch is taken back: what it wrote over, in that order. */
struct trail {
	bool running;
	struct image *images;
	size_t count;
	size_t room;
	uint32_t held[TABLES];
};

/* A sweep in progress; what is added meanwhile is marked here too. */
struct sweep {
	bool running;
	uint32_t next; /* counted as in elements_walk */
	struct presence fresh;
	struct in_use used;
	uint32_t earliest; /* when the first of those ends that were seen */
};

struct arena {
	struct mapping areas[AREAS];
	struct shape *shape; /* NULL until it is known that it is one, and that the maps are as large as it says */
	struct presence presence;
	struct bucket4 *buckets4;
	struct bucket6 *buckets6;
	uint64_t epoch;          /* CLOCK_MONOTONIC at shape->epoch at the latest, ns */
	uint64_t earliest_epoch; /* and at the earliest */
	uint64_t unit;           /* ns */
	struct trail trail;
	bool knows_allowed; /* not after an adoption, until somebody says */
	struct key *allowed;
	size_t allowed_count;
	struct in_use used; /* as the shape's lists have it */
	uint32_t earliest;  /* nobody's time is over before: until then a sweep finds nobody */
	bool stale;         /* somebody was removed since the last sweep */
	struct sweep sweep;
};

static inline int family_of(uint32_t kind) { return kind >> 8; }
static inline int length_of(uint32_t kind) { return kind & 0xff; }

/* Which table an element of that kind lives in. */
static inline enum table table_of(uint32_t kind)
{
	if (family_of(kind) == 4)
		return length_of(kind) == 32 ? ADDRESSES4 : PREFIXES4;
	return length_of(kind) >= 64 ? ELEMENTS6 : PREFIXES6;
}

/* Slots of both families, and the number of the one in that place when all are counted through. */
static inline uint32_t slots4(const struct shape *shape)
{
	return (shape->first[PREFIXES4] + shape->buckets[PREFIXES4]) * SLOTS;
}

static inline uint32_t slots_of(const struct shape *shape)
{
	return slots4(shape) + (shape->first[PREFIXES6] + shape->buckets[PREFIXES6]) * SLOTS;
}

static inline uint32_t slot_at(const struct shape *shape, uint32_t place)
{
	return place < slots4(shape) ? place : SLOT6 | (place - slots4(shape));
}

/* Entries that the maps need for these sizes; and the part of the shape that says so. */
struct plan {
	uint32_t present6;
	uint32_t buckets4;
	uint32_t buckets6;
};

struct plan arena_plan(struct shape *shape, uint32_t addresses, uint32_t prefixes, bool counting);

/* Makes sense of the kernel's jiffies, read between `since`, of CLOCK_MONOTONIC in ns, and now. */
void arena_set_clock(struct arena *arena, uint64_t jiffies, uint64_t since);
uint64_t arena_tick(void); /* ns */

uint32_t arena_now(const struct arena *arena);                          /* units; not later than the program's */
uint32_t arena_until(const struct arena *arena, double left);           /* a time of a state */
double arena_left(const struct arena *arena, uint32_t state);           /* milliseconds; infinite for ever */

#endif
