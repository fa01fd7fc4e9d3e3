#include "value.h"

#include <errno.h>
#include <string.h>

#include "../failure.h"

bool value_arguments(napi_env env, napi_callback_info info, size_t argc, napi_value *argv, const char *usage)
{
	size_t count = argc;

	if (napi_get_cb_info(env, info, &count, argv, NULL, NULL) == napi_ok && count >= argc)
		return true;
	failure_misuse(env, usage);
	return false;
}

/* Node-API's own conversions make a 0, and so a descriptor, of what is no whole number. */
bool value_int(napi_env env, napi_value value, int *target)
{
	double number;

	if (napi_get_value_double(env, value, &number) != napi_ok || !(number >= INT32_MIN && number <= INT32_MAX))
		return false;
	*target = (int)number;
	return *target == number;
}

bool value_uint(napi_env env, napi_value value, uint32_t *target)
{
	double number;

	if (napi_get_value_double(env, value, &number) != napi_ok || !(number >= 0 && number <= UINT32_MAX))
		return false;
	*target = (uint32_t)number;
	return *target == number;
}

bool value_bool(napi_env env, napi_value value, bool *target)
{
	return napi_get_value_bool(env, value, target) == napi_ok;
}

bool value_u64(napi_env env, napi_value value, uint64_t *target)
{
	bool lossless = false;

	return napi_get_value_bigint_uint64(env, value, target, &lossless) == napi_ok && lossless;
}

bool value_text(napi_env env, napi_value value, char *target, size_t size)
{
	size_t length;

	if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok || length == 0 || length >= size)
		return false;
	napi_get_value_string_utf8(env, value, target, size, &length);
	return strlen(target) == length;
}

bool value_bytes(napi_env env, napi_value value, size_t least, void **bytes, size_t *length)
{
	bool is_buffer = false;

	return napi_is_buffer(env, value, &is_buffer) == napi_ok && is_buffer &&
	       napi_get_buffer_info(env, value, bytes, length) == napi_ok && *length >= least;
}

enum value_property value_property(napi_env env, napi_value object, const char *name, int *target)
{
	napi_value value;
	napi_valuetype type;

	if (napi_typeof(env, object, &type) != napi_ok || type != napi_object ||
	    napi_get_named_property(env, object, name, &value) != napi_ok || napi_typeof(env, value, &type) != napi_ok)
		return VALUE_WRONG;
	if (type == napi_undefined)
		return VALUE_ABSENT;
	return value_int(env, value, target) && *target >= 0 ? VALUE_THERE : VALUE_WRONG;
}

napi_value value_object(napi_env env)
{
	napi_value object = NULL;

	napi_create_object(env, &object);
	return object;
}

void value_set(napi_env env, napi_value object, const char *name, napi_value value)
{
	if (value)
		napi_set_named_property(env, object, name, value);
}

napi_value value_number(napi_env env, double number)
{
	napi_value value = NULL;

	napi_create_double(env, number, &value);
	return value;
}

void value_set_number(napi_env env, napi_value object, const char *name, double number)
{
	value_set(env, object, name, value_number(env, number));
}

void value_set_bool(napi_env env, napi_value object, const char *name, bool value)
{
	napi_value boolean = NULL;

	napi_get_boolean(env, value, &boolean);
	value_set(env, object, name, boolean);
}

void value_set_text(napi_env env, napi_value object, const char *name, const char *text)
{
	napi_value value;

	if (napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) == napi_ok)
		napi_set_named_property(env, object, name, value);
}

napi_value value_copy(napi_env env, const void *bytes, size_t length)
{
	napi_value buffer = NULL;

	napi_create_buffer_copy(env, length, length ? bytes : "", NULL, &buffer);
	return buffer;
}

napi_value value_or_throw(napi_env env, int result, const char *syscall)
{
	return result < 0 ? failure_throw(env, errno, syscall) : value_number(env, result);
}
