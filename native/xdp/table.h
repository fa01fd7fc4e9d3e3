/* Elements in their tables: put, found, dropped. Packets are looked up meanwhile, and never see half of an element. */
#ifndef DROPSET_TABLE_H
#define DROPSET_TABLE_H

#include "arena.h"

/* Somebody lives in the slot, perhaps past the end of the ban. */
static inline bool is_held(uint64_t word)
{
	return (word >> 32) >> STATE_TIME;
}

static inline bool is_over(uint64_t word, uint32_t now)
{
	return (word >> 32) >> STATE_TIME <= now;
}

/* What an element is about, in a state and beside its count. */
struct terms {
	uint32_t state;
	uint32_t rule;
};

/* Has the memory on its way that an element would be looked for in: many are asked for, one behind the other. */
void table_prefetch(const struct arena *arena, const struct key *key);

/* The slot of an element, whether its time is over or not; NOWHERE. */
uint32_t table_find(const struct arena *arena, const struct key *key);

/* Makes an element stand with those terms. `slot` is what table_find says. False: there is no room where it could live. */
bool table_put(struct arena *arena, const struct key *key, uint32_t slot, struct terms terms, uint32_t now);

/* Takes whoever lives in a slot out. */
void table_vacate(struct arena *arena, uint32_t slot);

/* The key of who lives in a slot. */
struct key table_key(const struct arena *arena, uint32_t slot);

/* Makes a slot again what it was. */
void table_restore(struct arena *arena, const struct image *image);

/* Puts in order what a writer left that was killed in the middle: who is in both homes, and how many are held. */
void table_mend(struct arena *arena);

struct record6 *table_record(const struct arena *arena, uint32_t slot); /* of IPv6 */
struct count *table_count(const struct arena *arena, uint32_t slot);

uint64_t table_word(const struct arena *arena, uint32_t slot);

#endif
