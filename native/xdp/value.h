/* Reading arguments and making results. */
#ifndef DROPSET_VALUE_H
#define DROPSET_VALUE_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exactly `argc` arguments at least; throws the usage and answers false otherwise. */
bool value_arguments(napi_env env, napi_callback_info info, size_t argc, napi_value *argv, const char *usage);

bool value_int(napi_env env, napi_value value, int *target);
bool value_uint(napi_env env, napi_value value, uint32_t *target);
bool value_bool(napi_env env, napi_value value, bool *target);
bool value_u64(napi_env env, napi_value value, uint64_t *target); /* a BigInt */
/* A string without NUL that fits. */
bool value_text(napi_env env, napi_value value, char *target, size_t size);
/* A Buffer of at least `least` bytes; it stays JavaScript's. */
bool value_bytes(napi_env env, napi_value value, size_t least, void **bytes, size_t *length);
/* The whole number that a property has, from 0 on. */
enum value_property { VALUE_WRONG, VALUE_ABSENT, VALUE_THERE };
enum value_property value_property(napi_env env, napi_value object, const char *name, int *target);

napi_value value_object(napi_env env);
void value_set(napi_env env, napi_value object, const char *name, napi_value value);
void value_set_number(napi_env env, napi_value object, const char *name, double number);
void value_set_bool(napi_env env, napi_value object, const char *name, bool value);
void value_set_text(napi_env env, napi_value object, const char *name, const char *text);
napi_value value_number(napi_env env, double number);
napi_value value_copy(napi_env env, const void *bytes, size_t length);
/* What a system call answered, or errno thrown where that is negative. */
napi_value value_or_throw(napi_env env, int result, const char *syscall);

#endif
