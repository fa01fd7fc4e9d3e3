#include "failure.h"

#include <string.h>

napi_value failure_new(napi_env env, int number, const char *syscall)
{
	napi_value message, error, value;

	if (napi_create_string_utf8(env, strerror(number), NAPI_AUTO_LENGTH, &message) != napi_ok ||
	    napi_create_error(env, NULL, message, &error) != napi_ok)
		return NULL;
	if (napi_create_int32(env, number, &value) == napi_ok)
		napi_set_named_property(env, error, "errno", value);
	if (napi_create_string_utf8(env, syscall, NAPI_AUTO_LENGTH, &value) == napi_ok)
		napi_set_named_property(env, error, "syscall", value);
	return error;
}

napi_value failure_throw(napi_env env, int number, const char *syscall)
{
	napi_value error = failure_new(env, number, syscall);

	if (error)
		napi_throw(env, error);
	return NULL;
}

napi_value failure_misuse(napi_env env, const char *sentence)
{
	napi_throw_type_error(env, NULL, sentence);
	return NULL;
}
