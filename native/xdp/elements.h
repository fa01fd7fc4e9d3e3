/* What the service asks of an arena: batches, look-ups, walks, sweeps. */
#ifndef DROPSET_ELEMENTS_H
#define DROPSET_ELEMENTS_H

#include "arena.h"

#define APPLIED (-1)

/* Carries all records out, or none; answers APPLIED, or the table that is full. */
int elements_apply(struct arena *arena, const struct record *records, size_t count);

/* The element of that key; kind 0 if there is none, or its time is over. */
struct found elements_find(const struct arena *arena, const struct key *key);

/* Live elements from the slot `*next` on, at most `most`, over at most `slots` slots; moves `*next` behind what it looked at. */
size_t elements_walk(const struct arena *arena, uint32_t *next, uint32_t slots, struct found *found, size_t most);

/*
 * Looks at so many slots: takes out whose time is over, and marks who is left in fresh cells, which replace the old ones at the end.
 * True while there is more to do; false at the end, or where there is no memory for the cells.
 */
bool elements_sweep(struct arena *arena, uint32_t slots);

/* Copies who is held in so many slots into other tables, with their counts; moves `*next`. False: there is no room for somebody. */
bool elements_copy(const struct arena *from, struct arena *to, uint32_t *next, uint32_t slots);

/* From here on these are allowed. `keys` belongs to the arena afterwards. */
void elements_allow(struct arena *arena, struct key *keys, size_t count);

#endif
