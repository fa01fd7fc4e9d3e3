/* What a batch wrote over: all or none of it is carried out. */
#ifndef DROPSET_TRAIL_H
#define DROPSET_TRAIL_H

#include "arena.h"

void trail_begin(struct arena *arena);

/* Makes room for what one record may write; false: no memory. */
bool trail_reserve(struct arena *arena);

/* Keeps what a slot is, if a batch is being carried out. */
void trail_note(struct arena *arena, uint32_t slot);

/* Makes everything again what it was at the beginning. */
void trail_take_back(struct arena *arena);

void trail_end(struct arena *arena); /* its memory stays for the next batch */
void trail_free(struct arena *arena);

#endif
