#include "table.h"

#include <string.h>

#include "../bpf/hash.h"
#include "presence.h"
#include "trail.h"

/* Both families' buckets begin with their slots. */
static __u64 *slots_in(const struct arena *arena, uint32_t slot)
{
	uint32_t bucket = (slot & ~SLOT6) / SLOTS;

	return slot & SLOT6 ? arena->buckets6[bucket].slots : arena->buckets4[bucket].slots;
}

uint64_t table_word(const struct arena *arena, uint32_t slot)
{
	return slots_in(arena, slot)[slot % SLOTS];
}

/* Released: whoever sees the word sees the address and the count that were written before it. */
static void set_word(struct arena *arena, uint32_t slot, uint64_t word)
{
	__atomic_store_n(&slots_in(arena, slot)[slot % SLOTS], word, __ATOMIC_RELEASE);
}

struct record6 *table_record(const struct arena *arena, uint32_t slot)
{
	return &arena->buckets6[(slot & ~SLOT6) / SLOTS].records[slot % SLOTS];
}

struct count *table_count(const struct arena *arena, uint32_t slot)
{
	if (slot & SLOT6)
		return &table_record(arena, slot)->count;
	return &arena->buckets4[slot / SLOTS].counts[slot % SLOTS];
}

static enum table table_at(const struct arena *arena, uint32_t slot)
{
	const uint32_t *first = arena->shape->first;
	uint32_t bucket = (slot & ~SLOT6) / SLOTS;

	if (slot & SLOT6)
		return bucket < first[PREFIXES6] ? ELEMENTS6 : PREFIXES6;
	return bucket < first[PREFIXES4] ? ADDRESSES4 : PREFIXES4;
}

/* The homes of an element, as the numbers of their first slots. */
static struct home home_of(const struct arena *arena, const struct key *key)
{
	enum table table = table_of(key->kind);
	int length = length_of(key->kind);
	uint32_t family = table >= ELEMENTS6 ? SLOT6 : 0;
	struct home home;

	if (family)
		home = home6(key->high, key->low, length, table, arena->shape);
	else
		home = home4(tag4((uint32_t)(key->high >> 32), length), table, arena->shape);
	home.first = family | home.first * SLOTS;
	home.second = family | home.second * SLOTS;
	return home;
}

/* The first write of a slot for an element: whoever writes another way has a reason. */
static void write_slot(struct arena *arena, uint32_t slot, uint64_t word)
{
	trail_note(arena, slot);
	set_word(arena, slot, word);
}

/* Packets are counted meanwhile. */
static void set_rule(struct arena *arena, uint32_t slot, uint32_t rule)
{
	__u64 *packets = &table_count(arena, slot)->packets;
	uint64_t difference = ((uint64_t)rule - RULE_OF(*packets)) << RULE_SHIFT;

	if (difference)
		__atomic_fetch_add(packets, difference, __ATOMIC_RELEASE);
}

/* Of IPv4 the tag says all; of IPv6 its record has to be asked. */
static bool is_same(const struct arena *arena, uint32_t slot, const struct key *key)
{
	const struct record6 *record;

	if (!(slot & SLOT6))
		return true;
	record = table_record(arena, slot);
	return record->high == key->high && record->low == key->low;
}

void table_prefetch(const struct arena *arena, const struct key *key)
{
	uint32_t slot = home_of(arena, key).first;

	__builtin_prefetch(slots_in(arena, slot), 1);
	/* The first places are taken first. */
	__builtin_prefetch(table_count(arena, slot), 1);
	if (!(slot & SLOT6))
		__builtin_prefetch(&arena->presence.cells4[key->high >> 40 >> 5], 1);
	else
		__builtin_prefetch(&arena->presence.cells6[cell_of_64(key->high, arena->shape) >> 5], 1);
}

static uint32_t find_in(const struct arena *arena, uint32_t bucket, uint32_t tag, const struct key *key)
{
	for (uint32_t slot = bucket; slot < bucket + SLOTS; slot++) {
		uint64_t word = table_word(arena, slot);

		if ((uint32_t)word == tag && is_held(word) && is_same(arena, slot, key))
			return slot;
	}
	return NOWHERE;
}

uint32_t table_find(const struct arena *arena, const struct key *key)
{
	struct home home = home_of(arena, key);
	uint32_t slot = find_in(arena, home.first, home.tag, key);

	return slot != NOWHERE ? slot : find_in(arena, home.second, home.tag, key);
}

/* A prefix's tag ends in a 1 and the zeros behind it. */
static struct key key4(uint32_t tag, enum table table)
{
	int length = table == ADDRESSES4 ? 32 : 31 - __builtin_ctz(tag);
	uint32_t address = table == ADDRESSES4 ? tag : tag & (tag - 1);

	return (struct key){ .high = (uint64_t)address << 32, .kind = KIND(4, length) };
}

struct key table_key(const struct arena *arena, uint32_t slot)
{
	uint32_t tag = (uint32_t)table_word(arena, slot);
	const struct record6 *record;

	if (!(slot & SLOT6))
		return key4(tag, table_at(arena, slot));
	record = table_record(arena, slot);
	return (struct key){ .high = record->high, .low = record->low, .kind = KIND(6, tag & 0xff) };
}

/* A slot that somebody may move into: never used, vacated, or of an element whose time is over. */
static uint32_t room_in(const struct arena *arena, uint32_t bucket, uint32_t now)
{
	for (uint32_t slot = bucket; slot < bucket + SLOTS; slot++) {
		if (is_over(table_word(arena, slot), now))
			return slot;
	}
	return NOWHERE;
}

static void settle_in(struct arena *arena, uint32_t slot, const struct key *key, uint64_t word, struct count count)
{
	if (is_held(table_word(arena, slot)))
		arena->shape->held[table_at(arena, slot)]--;
	/* While the address changes nobody may live here, or the old word would stand for the new address. */
	trail_note(arena, slot);
	if (slot & SLOT6) {
		set_word(arena, slot, VACATED);
		table_record(arena, slot)->high = key->high;
		table_record(arena, slot)->low = key->low;
	}
	*table_count(arena, slot) = count;
	set_word(arena, slot, word);
	arena->shape->held[table_of(key->kind)]++;
	/* A sweep may have passed this slot already, and not have seen the one that this came from. */
	if (arena->sweep.running)
		presence_mark_in(arena, &arena->sweep.fresh, &arena->sweep.used, key);
}

/* Moves somebody out of a full bucket into the other home that he has; answers the slot that he left, or NOWHERE. */
static uint32_t make_room(struct arena *arena, uint32_t bucket, uint32_t now)
{
	for (uint32_t slot = bucket; slot < bucket + SLOTS; slot++) {
		uint64_t word = table_word(arena, slot);
		struct key key = table_key(arena, slot);
		struct home home = home_of(arena, &key);
		uint32_t other = room_in(arena, home.first == bucket ? home.second : home.first, now);

		if (other == NOWHERE)
			continue;
		settle_in(arena, other, &key, word, *table_count(arena, slot));
		table_vacate(arena, slot);
		return slot;
	}
	return NOWHERE;
}

/* The rule first: without SCOPED in its word nobody asks for it. */
static void change(struct arena *arena, uint32_t slot, uint64_t word, uint32_t rule)
{
	trail_note(arena, slot);
	if (rule)
		set_rule(arena, slot, rule);
	set_word(arena, slot, word);
	if (!rule)
		set_rule(arena, slot, rule);
}

bool table_put(struct arena *arena, const struct key *key, uint32_t slot, struct terms terms, uint32_t now)
{
	struct home home = home_of(arena, key);
	uint64_t word = (uint64_t)terms.state << 32 | home.tag;

	if (slot != NOWHERE) {
		change(arena, slot, word, terms.rule);
		return true;
	}
	slot = room_in(arena, home.first, now);
	if (slot == NOWHERE)
		slot = room_in(arena, home.second, now);
	if (slot == NOWHERE)
		slot = make_room(arena, home.first, now);
	if (slot == NOWHERE)
		slot = make_room(arena, home.second, now);
	if (slot == NOWHERE)
		return false;
	settle_in(arena, slot, key, word, (struct count){ .packets = (uint64_t)terms.rule << RULE_SHIFT });
	return true;
}

/* In a bucket that was ever full the slot stays used, so that a search goes on to where somebody may have had to go. */
void table_vacate(struct arena *arena, uint32_t slot)
{
	const __u64 *slots = slots_in(arena, slot);
	uint64_t word = VACATED;

	for (int i = 0; i < SLOTS; i++) {
		if (slots[i] == 0)
			word = 0;
	}
	write_slot(arena, slot, word);
	arena->shape->held[table_at(arena, slot)]--;
}

/* Whoever lives there stayed: then only the state is another, and his count goes on. */
static bool stayed(const struct arena *arena, const struct image *image)
{
	uint64_t word = table_word(arena, image->slot);
	struct key key = { .high = image->record.high, .low = image->record.low };

	return is_held(word) && (uint32_t)word == (uint32_t)image->word && is_same(arena, image->slot, &key);
}

void table_restore(struct arena *arena, const struct image *image)
{
	uint32_t slot = image->slot;

	if (is_held(image->word) && !stayed(arena, image)) {
		set_word(arena, slot, VACATED);
		if (slot & SLOT6)
			*table_record(arena, slot) = image->record;
		else
			*table_count(arena, slot) = image->record.count;
	} else if (is_held(image->word)) {
		set_rule(arena, slot, RULE_OF(image->record.count.packets));
	}
	set_word(arena, slot, image->word);
}

/* Whether the element in a slot, which is its second home, is in its first as well. */
static bool is_twice(const struct arena *arena, uint32_t slot)
{
	struct key key = table_key(arena, slot);

	return table_find(arena, &key) != slot;
}

void table_mend(struct arena *arena)
{
	uint32_t held[TABLES] = { 0 };

	for (uint32_t place = 0; place < slots_of(arena->shape); place++) {
		uint32_t slot = slot_at(arena->shape, place);

		if (!is_held(table_word(arena, slot)))
			continue;
		if (is_twice(arena, slot))
			table_vacate(arena, slot);
		else
			held[table_at(arena, slot)]++;
	}
	memcpy(arena->shape->held, held, sizeof(held));
}
