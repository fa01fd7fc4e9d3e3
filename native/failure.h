/* Failed system calls as JavaScript errors. The sentence for people is made in TypeScript. */
#ifndef DROPSET_FAILURE_H
#define DROPSET_FAILURE_H

#include <node_api.h>

/* An Error with `errno` (positive) and `syscall`; NULL if the environment is shutting down. */
napi_value failure_new(napi_env env, int number, const char *syscall);

/* Throws it; answers NULL, so that a caller can return the answer. */
napi_value failure_throw(napi_env env, int number, const char *syscall);

/* Throws a TypeError: the caller in TypeScript broke the contract. */
napi_value failure_misuse(napi_env env, const char *sentence);

#endif
