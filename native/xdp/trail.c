#include "trail.h"

#include <stdlib.h>
#include <string.h>

#include "table.h"

/* Slots that one record writes: a new home, and of who makes room for it the old and the new one. */
#define WRITES 4
#define FIRST_ROOM 64

void trail_begin(struct arena *arena)
{
	arena->trail.running = true;
	memcpy(arena->trail.held, arena->shape->held, sizeof(arena->trail.held));
}

bool trail_reserve(struct arena *arena)
{
	struct trail *trail = &arena->trail;
	size_t room = trail->room ? trail->room * 2 : FIRST_ROOM;
	struct image *images;

	if (trail->count + WRITES <= trail->room)
		return true;
	images = realloc(trail->images, room * sizeof(*images));
	if (!images)
		return false;
	trail->images = images;
	trail->room = room;
	return true;
}

void trail_note(struct arena *arena, uint32_t slot)
{
	struct trail *trail = &arena->trail;
	struct image *image;

	if (!trail->running)
		return;
	image = &trail->images[trail->count++];
	image->slot = slot;
	image->word = table_word(arena, slot);
	if (!is_held(image->word))
		return;
	if (slot & SLOT6)
		image->record = *table_record(arena, slot);
	else
		image->record.count = *table_count(arena, slot);
}

/* Backwards: who had to move is at his old home again before he leaves the new one. */
void trail_take_back(struct arena *arena)
{
	struct trail *trail = &arena->trail;

	while (trail->count > 0)
		table_restore(arena, &trail->images[--trail->count]);
	memcpy(arena->shape->held, trail->held, sizeof(trail->held));
}

void trail_end(struct arena *arena)
{
	arena->trail.count = 0;
	arena->trail.running = false;
}

void trail_free(struct arena *arena)
{
	free(arena->trail.images);
	arena->trail = (struct trail){ 0 };
}
