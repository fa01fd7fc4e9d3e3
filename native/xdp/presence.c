#include "presence.h"

#include <stdlib.h>
#include <string.h>

#include "../bpf/hash.h"

/* An IPv6 prefix shorter than this marks all cells of /32s: 2^16 of them are marked in a millisecond. */
#define SHORTEST_WIDE 16

static size_t words6(const struct arena *arena)
{
	return (1u << arena->shape->present6_bits) / CELLS_A_WORD;
}

static void mark(uint64_t *cells, uint32_t cell, uint64_t bits)
{
	uint64_t *word = &cells[cell / CELLS_A_WORD];

	bits <<= cell % CELLS_A_WORD * 2;
	if ((*word & bits) != bits)
		__atomic_store_n(word, *word | bits, __ATOMIC_RELAXED);
}

static void mark_all(uint64_t *cells, size_t words, uint64_t bits)
{
	bits *= 0x5555555555555555ull;
	for (size_t i = 0; i < words; i++) {
		if ((cells[i] & bits) != bits)
			__atomic_store_n(&cells[i], cells[i] | bits, __ATOMIC_RELAXED);
	}
}

/* The /24s that a prefix is in, or that are in it. */
static void mark4(uint64_t *cells, const struct key *key, uint64_t bits)
{
	int length = length_of(key->kind);
	uint32_t first = (uint32_t)(key->high >> 40);
	uint32_t count = length >= 24 ? 1 : 1u << (24 - length);

	if (count < CELLS_A_WORD) {
		for (uint32_t cell = first; cell < first + count; cell++)
			mark(cells, cell, bits);
	} else {
		mark_all(cells + first / CELLS_A_WORD, count / CELLS_A_WORD, bits);
	}
}

/* The /16s that a prefix is in, or that are in it. */
static void mark_blocks(uint32_t *blocks, const struct key *key)
{
	int length = length_of(key->kind);
	uint32_t first = (uint32_t)(key->high >> 48);
	uint32_t count = length >= 16 ? 1 : 1u << (16 - length);

	for (uint32_t block = first; block < first + count; block++) {
		if (!(blocks[block] >> length & 1))
			__atomic_store_n(&blocks[block], blocks[block] | 1u << length, __ATOMIC_RELAXED);
	}
}

/* The /32s that an IPv6 prefix is in, or that are in it. */
static void mark_wide(const struct arena *arena, uint64_t *cells, const struct key *key, uint64_t bits)
{
	int length = length_of(key->kind);
	uint64_t count = length >= 32 ? 1 : 1ull << (32 - length);

	if (length < SHORTEST_WIDE) {
		mark_all(cells, WIDE6_WORDS, bits);
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		mark(cells, cell_of_32(key->high + (i << 32), arena->shape), bits);
}

/* The cells of a word that say CELL_ALLOW: both of their bits are set. */
static uint64_t allowed_in(uint64_t word)
{
	return (word & word >> 1 & 0x5555555555555555ull) * CELL_ALLOW;
}

void presence_allow(const struct arena *arena, const struct presence *presence, const struct key *key)
{
	if (family_of(key->kind) == 4)
		mark4(presence->cells4, key, CELL_ALLOW);
	else
		mark_wide(arena, presence->wide6, key, CELL_ALLOW);
}

void presence_mark_in(const struct arena *arena, const struct presence *presence, struct in_use *used, const struct key *key)
{
	int length = length_of(key->kind);

	if (table_of(key->kind) == ADDRESSES4) {
		mark4(presence->cells4, key, CELL_ADDRESSES);
	} else if (table_of(key->kind) == PREFIXES4) {
		mark4(presence->cells4, key, CELL_PREFIXES);
		mark_blocks(presence->blocks4, key);
		used->lengths4 |= 1ull << length;
	} else if (length >= 64) {
		mark(presence->cells6, cell_of_64(key->high, arena->shape), length == 128 ? CELL_ADDRESSES : CELL_PREFIXES);
		if (length < 128)
			used->lengths6_long |= 1ull << (length - 64);
	} else {
		mark_wide(arena, presence->wide6, key, CELL_PREFIXES);
		used->lengths6_wide |= 1ull << length;
	}
}

void presence_keep_allowed(const struct arena *arena, const struct presence *presence)
{
	for (size_t i = 0; i < PRESENT4_WORDS; i++)
		presence->cells4[i] = allowed_in(arena->presence.cells4[i]);
	for (size_t i = 0; i < WIDE6_WORDS; i++)
		presence->wide6[i] = allowed_in(arena->presence.wide6[i]);
}

static struct in_use in_use_of(const struct lengths *lengths)
{
	struct in_use used = { 0 };

	for (uint32_t i = 0; i < lengths->count4 && i < LENGTHS4; i++)
		used.lengths4 |= 1ull << lengths->list4[i];
	for (uint32_t i = 0; i < lengths->count6_wide && i < LENGTHS6_WIDE; i++)
		used.lengths6_wide |= 1ull << lengths->list6_wide[i];
	for (uint32_t i = 0; i < lengths->count6_long && i < LENGTHS6_LONG; i++)
		used.lengths6_long |= 1ull << (lengths->list6_long[i] - 64);
	return used;
}

/* Longest first: what is narrow is what most bans are. */
static uint32_t list(uint64_t bits, uint8_t *target, uint8_t offset)
{
	uint32_t count = 0;

	for (int length = 63; length >= 0; length--) {
		if (bits >> length & 1)
			target[count++] = (uint8_t)length + offset;
	}
	return count;
}

/* Behind those that are there; the count comes last. */
static void append(uint8_t *target, uint32_t *count, uint64_t bits, uint8_t offset)
{
	for (; bits; bits &= bits - 1) {
		target[*count] = (uint8_t)__builtin_ctzll(bits) + offset;
		__atomic_store_n(count, *count + 1, __ATOMIC_RELEASE);
	}
}

static void add_lengths(struct arena *arena, const struct in_use *used)
{
	struct lengths *lengths = &arena->shape->lengths[arena->shape->active & 1];

	append(lengths->list4, &lengths->count4, used->lengths4 & ~arena->used.lengths4, 0);
	append(lengths->list6_wide, &lengths->count6_wide, used->lengths6_wide & ~arena->used.lengths6_wide, 0);
	append(lengths->list6_long, &lengths->count6_long, used->lengths6_long & ~arena->used.lengths6_long, 64);
	arena->used = *used;
}

/* In place of all that were in use. */
static void use_lengths(struct arena *arena, const struct in_use *used)
{
	struct shape *shape = arena->shape;
	uint32_t next = shape->active ^ 1;
	struct lengths *lengths = &shape->lengths[next & 1];

	if (memcmp(used, &arena->used, sizeof(*used)) == 0)
		return;
	lengths->count4 = list(used->lengths4, lengths->list4, 0);
	lengths->count6_wide = list(used->lengths6_wide, lengths->list6_wide, 0);
	lengths->count6_long = list(used->lengths6_long, lengths->list6_long, 64);
	__atomic_store_n(&shape->active, next & 1, __ATOMIC_RELEASE);
	arena->used = *used;
}

void presence_adopt(struct arena *arena)
{
	arena->used = in_use_of(&arena->shape->lengths[arena->shape->active & 1]);
}

void presence_mark(struct arena *arena, const struct key *key)
{
	struct in_use used = arena->used;

	presence_mark_in(arena, &arena->presence, &used, key);
	add_lengths(arena, &used);
}

bool presence_create(const struct arena *arena, struct presence *presence)
{
	presence->cells4 = calloc(PRESENT4_WORDS, sizeof(uint64_t));
	presence->cells6 = calloc(words6(arena), sizeof(uint64_t));
	presence->wide6 = calloc(WIDE6_WORDS, sizeof(uint64_t));
	presence->blocks4 = calloc(BLOCKS4, sizeof(uint32_t));
	if (presence->cells4 && presence->cells6 && presence->wide6 && presence->blocks4)
		return true;
	presence_free(presence);
	return false;
}

void presence_free(struct presence *presence)
{
	free(presence->cells4);
	free(presence->cells6);
	free(presence->wide6);
	free(presence->blocks4);
	*presence = (struct presence){ 0 };
}

static void replace(uint64_t *cells, const uint64_t *fresh, size_t words)
{
	for (size_t i = 0; i < words; i++) {
		if (cells[i] != fresh[i])
			__atomic_store_n(&cells[i], fresh[i], __ATOMIC_RELAXED);
	}
}

static void replace_blocks(uint32_t *blocks, const uint32_t *fresh)
{
	for (size_t i = 0; i < BLOCKS4; i++) {
		if (blocks[i] != fresh[i])
			__atomic_store_n(&blocks[i], fresh[i], __ATOMIC_RELAXED);
	}
}

void presence_replace(struct arena *arena, const struct presence *fresh, const struct in_use *used)
{
	replace(arena->presence.cells4, fresh->cells4, PRESENT4_WORDS);
	replace(arena->presence.cells6, fresh->cells6, words6(arena));
	replace(arena->presence.wide6, fresh->wide6, WIDE6_WORDS);
	replace_blocks(arena->presence.blocks4, fresh->blocks4);
	use_lengths(arena, used);
}
