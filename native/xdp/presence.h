/* The cells that tell a clean packet to go on at once. */
#ifndef DROPSET_PRESENCE_H
#define DROPSET_PRESENCE_H

#include "arena.h"

/* Marks what an element needs. */
void presence_mark(struct arena *arena, const struct key *key);

/* Reads from the shape which lengths are in use: once, when an arena is opened. */
void presence_adopt(struct arena *arena);

/* Marks where an allowed prefix is. */
void presence_allow(const struct arena *arena, const struct presence *presence, const struct key *key);

/* Marks in fresh cells what may be an allowed prefix in the old ones: for who does not know which are allowed. */
void presence_keep_allowed(const struct arena *arena, const struct presence *presence);

/* As presence_mark, into other cells. */
void presence_mark_in(const struct arena *arena, const struct presence *presence, struct in_use *used, const struct key *key);

/* Makes room for as many cells as the arena has, all clear; false: no memory. */
bool presence_create(const struct arena *arena, struct presence *presence);
void presence_free(struct presence *presence);

/* Takes fresh cells and lengths over, word by word where they differ. */
void presence_replace(struct arena *arena, const struct presence *fresh, const struct in_use *used);

#endif
