/* Arenas that JavaScript holds. */
#ifndef DROPSET_HELD_H
#define DROPSET_HELD_H

#include <node_api.h>

#include "arena.h"

/* The arena in the first of `argc` arguments, formatted or adopted, or NULL with something thrown. */
struct arena *arena_of(napi_env env, napi_callback_info info, size_t argc, napi_value *argv, const char *usage);

/* The same of any value, with nothing thrown. */
struct arena *arena_in(napi_env env, napi_value value);

#endif
