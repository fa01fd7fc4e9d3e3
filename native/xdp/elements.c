#include "elements.h"

#include <stdlib.h>

#include "presence.h"
#include "table.h"
#include "trail.h"

static struct key key_of(const struct record *record)
{
	return (struct key){ .high = record->high, .low = record->low, .kind = record->kind };
}

static struct terms terms_of(const struct arena *arena, const struct record *record)
{
	uint32_t observe = record->verb & RECORD_OBSERVE ? STATE_OBSERVE : 0;
	uint32_t rule = RECORD_RULE(record->verb);

	return (struct terms){
		.state = arena_until(arena, record->left) << STATE_TIME | (rule ? STATE_SCOPED : 0) | observe,
		.rule = rule,
	};
}

/* Records between asking memory for something and needing it. */
#define AHEAD 12

static void prefetch(const struct arena *arena, const struct record *records, size_t index, size_t count)
{
	struct key key;

	if (index >= count)
		return;
	key = key_of(&records[index]);
	table_prefetch(arena, &key);
}

/* Whether all tables have room for what comes on balance; answers the one that has not. */
static int full_table(const struct arena *arena, const struct record *records, size_t count)
{
	int64_t held[TABLES];

	for (int table = 0; table < TABLES; table++)
		held[table] = arena->shape->held[table];
	for (size_t i = 0; i < count; i++) {
		struct key key = key_of(&records[i]);
		bool stands;

		prefetch(arena, records, i + AHEAD, count);
		stands = table_find(arena, &key) != NOWHERE;
		if (records[i].verb & RECORD_ADD)
			held[table_of(key.kind)] += !stands;
		else
			held[table_of(key.kind)] -= stands;
	}
	for (int table = 0; table < TABLES; table++) {
		if (held[table] > arena->shape->sizes[table])
			return table;
	}
	return APPLIED;
}

static void note_end(struct arena *arena, uint32_t state)
{
	uint32_t end = state >> STATE_TIME;

	if (end < arena->earliest)
		arena->earliest = end;
	if (end < arena->sweep.earliest)
		arena->sweep.earliest = end;
}

static bool put(struct arena *arena, const struct key *key, uint32_t slot, struct terms terms, uint32_t now)
{
	presence_mark(arena, key);
	note_end(arena, terms.state);
	return table_put(arena, key, slot, terms, now);
}

static bool carry_out(struct arena *arena, const struct record *record, uint32_t now)
{
	struct key key = key_of(record);
	uint32_t slot = table_find(arena, &key);

	if (record->verb & RECORD_ADD)
		return put(arena, &key, slot, terms_of(arena, record), now);
	if (slot != NOWHERE) {
		table_vacate(arena, slot);
		arena->stale = true;
	}
	return true;
}

/* Carries out what there is room for; where somebody finds no home all the same, what went before is taken back. */
static int carry_out_all(struct arena *arena, const struct record *records, size_t count)
{
	uint32_t now = arena_now(arena);
	int full = APPLIED;

	trail_begin(arena);
	for (size_t i = 0; full == APPLIED && i < count; i++) {
		if (!trail_reserve(arena) || !carry_out(arena, &records[i], now))
			full = (int)table_of(records[i].kind);
	}
	if (full != APPLIED)
		trail_take_back(arena);
	trail_end(arena);
	return full;
}

int elements_apply(struct arena *arena, const struct record *records, size_t count)
{
	int full = full_table(arena, records, count);

	/* Those whose time is over need not stand in the way. */
	if (full != APPLIED && arena_now(arena) >= arena->earliest) {
		arena->sweep.next = 0;
		while (elements_sweep(arena, UINT32_MAX))
			;
		full = full_table(arena, records, count);
	}
	return full == APPLIED ? carry_out_all(arena, records, count) : full;
}

static struct found found_in(const struct arena *arena, uint32_t slot, uint64_t word)
{
	struct key key = table_key(arena, slot);
	const struct count *count = table_count(arena, slot);
	struct found found = { .high = key.high, .low = key.low, .kind = key.kind, .state = word >> 32 };

	found.left = arena_left(arena, found.state);
	found.packets = PACKETS_OF(count->packets);
	found.rule = found.state & STATE_SCOPED ? RULE_OF(count->packets) : 0;
	found.bytes = count->bytes;
	found.slot = slot;
	found.tag = (uint32_t)word;
	return found;
}

struct found elements_find(const struct arena *arena, const struct key *key)
{
	uint32_t slot = table_find(arena, key);
	uint64_t word = slot == NOWHERE ? 0 : table_word(arena, slot);

	if (slot == NOWHERE || (word >> 32) >> STATE_TIME <= arena_now(arena))
		return (struct found){ 0 };
	return found_in(arena, slot, word);
}

size_t elements_walk(const struct arena *arena, uint32_t *next, uint32_t slots, struct found *found, size_t most)
{
	uint32_t now = arena_now(arena);
	uint32_t all = slots_of(arena->shape);
	uint32_t end = slots < all - *next ? *next + slots : all;
	size_t count = 0;

	for (; *next < end && count < most; (*next)++) {
		uint32_t slot = slot_at(arena->shape, *next);
		uint64_t word = table_word(arena, slot);

		if ((word >> 32) >> STATE_TIME > now)
			found[count++] = found_in(arena, slot, word);
	}
	return count;
}

static bool copy_slot(const struct arena *from, struct arena *to, uint32_t slot, uint32_t now)
{
	uint32_t state = table_word(from, slot) >> 32;
	struct key key = table_key(from, slot);
	struct terms terms = {
		.state = arena_until(to, arena_left(from, state)) << STATE_TIME | (state & (STATE_OBSERVE | STATE_SCOPED)),
	};

	/* Its rule comes with its count: nobody is judged by these tables yet. */
	if (!put(to, &key, table_find(to, &key), terms, now))
		return false;
	*table_count(to, table_find(to, &key)) = *table_count(from, slot);
	return true;
}

bool elements_copy(const struct arena *from, struct arena *to, uint32_t *next, uint32_t slots)
{
	uint32_t now = arena_now(to);
	uint32_t over = arena_now(from);
	uint32_t all = slots_of(from->shape);

	for (; slots > 0 && *next < all; slots--, (*next)++) {
		uint32_t slot = slot_at(from->shape, *next);

		if (!is_over(table_word(from, slot), over) && !copy_slot(from, to, slot, now))
			return false;
	}
	return true;
}

static bool begin_sweep(struct arena *arena)
{
	struct sweep *sweep = &arena->sweep;

	if (!presence_create(arena, &sweep->fresh))
		return false;
	for (size_t i = 0; i < arena->allowed_count; i++)
		presence_allow(arena, &sweep->fresh, &arena->allowed[i]);
	if (!arena->knows_allowed)
		presence_keep_allowed(arena, &sweep->fresh);
	sweep->used = (struct in_use){ 0 };
	sweep->next = 0;
	sweep->earliest = NEVER;
	sweep->running = true;
	arena->stale = false;
	return true;
}

static void end_sweep(struct arena *arena)
{
	presence_replace(arena, &arena->sweep.fresh, &arena->sweep.used);
	presence_free(&arena->sweep.fresh);
	arena->earliest = arena->sweep.earliest;
	arena->sweep.running = false;
}

static void sweep_slot(struct arena *arena, uint32_t slot, uint32_t now)
{
	uint64_t word = table_word(arena, slot);
	struct key key;

	if (!is_held(word))
		return;
	if (is_over(word, now)) {
		table_vacate(arena, slot);
		return;
	}
	key = table_key(arena, slot);
	presence_mark_in(arena, &arena->sweep.fresh, &arena->sweep.used, &key);
	note_end(arena, word >> 32);
}

bool elements_sweep(struct arena *arena, uint32_t slots)
{
	struct sweep *sweep = &arena->sweep;
	uint32_t all = slots_of(arena->shape);
	uint32_t now = arena_now(arena);

	if (!sweep->running && !begin_sweep(arena))
		return false;
	for (; slots > 0 && sweep->next < all; slots--)
		sweep_slot(arena, slot_at(arena->shape, sweep->next++), now);
	if (sweep->next < all)
		return true;
	end_sweep(arena);
	return false;
}

void elements_allow(struct arena *arena, struct key *keys, size_t count)
{
	free(arena->allowed);
	arena->allowed = keys;
	arena->allowed_count = count;
	arena->knows_allowed = true;
	/* Cells of who is not allowed any more are cleared by a sweep. */
	arena->stale = true;
	for (size_t i = 0; i < count; i++) {
		presence_allow(arena, &arena->presence, &keys[i]);
		if (arena->sweep.running)
			presence_allow(arena, &arena->sweep.fresh, &keys[i]);
	}
}
