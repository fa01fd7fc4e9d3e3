/* How large the maps are, and what time it is in them. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "arena.h"

/* Three of four slots taken: both homes of a new element are then full once in many millions, and there is a way out of that. */
#define SLOTS_FOR(elements) ((uint64_t)(elements) * 4 / 3)
#define SPARE_BUCKETS 16

/*
 * Cells for each IPv6 address that there is room for. With 8, one clean packet in eight asks a full table in vain; with more, every
 * clean packet waits longer, because the cells leave the cache.
 */
#define CELLS_AN_ADDRESS 8
#define LEAST_BITS 16
#define MOST_BITS 24

static uint32_t buckets_for(uint32_t elements)
{
	return (uint32_t)(SLOTS_FOR(elements) / SLOTS) + SPARE_BUCKETS;
}

static uint32_t bits_for(uint32_t addresses)
{
	uint32_t bits = LEAST_BITS;

	while (bits < MOST_BITS && 1ull << bits < (uint64_t)addresses * CELLS_AN_ADDRESS)
		bits++;
	return bits;
}

struct plan arena_plan(struct shape *shape, uint32_t addresses, uint32_t prefixes, bool counting)
{
	const uint32_t sizes[TABLES] = { addresses, prefixes, addresses, prefixes };
	uint32_t next = 0;

	memset(shape, 0, sizeof(*shape));
	shape->magic = LAYOUT_MAGIC;
	shape->version = LAYOUT_VERSION;
	shape->counting = counting;
	shape->present6_bits = bits_for(addresses);
	for (int table = 0; table < TABLES; table++) {
		if (table == ELEMENTS6)
			next = 0;
		shape->sizes[table] = sizes[table];
		shape->first[table] = next;
		shape->buckets[table] = buckets_for(sizes[table]);
		next += shape->buckets[table];
	}
	return (struct plan){
		.present6 = (1u << shape->present6_bits) / CELLS_A_WORD,
		.buckets4 = slots4(shape) / SLOTS,
		.buckets6 = (slots_of(shape) - slots4(shape)) / SLOTS,
	};
}

static uint64_t nanoseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

/* The coarse clock's resolution is the kernel's tick, 1/HZ. */
uint64_t arena_tick(void)
{
	struct timespec tick;

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return nanoseconds(&tick);
}

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return nanoseconds(&now);
}

/* Ticks that jiffies may be behind: one that is not over, and one that comes late. */
#define BEHIND 2

/*
 * The kernel advances jiffies by CLOCK_MONOTONIC, so that one reading is enough. What is not known is how far they are behind, and
 * when between two readings of our clock they were read: a time is written by the earliest epoch and judged by the latest, so that
 * no ban ends early, whoever wrote it. It ends at most a unit, three ticks and the time between the readings late.
 */
void arena_set_clock(struct arena *arena, uint64_t jiffies, uint64_t since)
{
	uint64_t tick = arena_tick();
	uint64_t elapsed = (jiffies - arena->shape->epoch) * tick;

	arena->epoch = monotonic() - elapsed;
	arena->earliest_epoch = since - elapsed - BEHIND * tick;
	arena->unit = tick << arena->shape->shift;
}

uint32_t arena_now(const struct arena *arena)
{
	return (uint32_t)((monotonic() - arena->epoch) / arena->unit);
}

/* Rounded up: a ban is not cut short, and one that ends after all times that there are never ends. No number: it has ended. */
uint32_t arena_until(const struct arena *arena, double left)
{
	double now = (double)(monotonic() - arena->earliest_epoch);
	double until;

	if (!(left > 0))
		return arena_now(arena);
	until = ceil((now + left * 1e6) / (double)arena->unit);
	return until >= NEVER ? NEVER : (uint32_t)until;
}

double arena_left(const struct arena *arena, uint32_t state)
{
	double now = (double)(monotonic() - arena->epoch);
	uint32_t until = state >> STATE_TIME;

	return until == NEVER ? INFINITY : ((double)until * (double)arena->unit - now) / 1e6;
}
