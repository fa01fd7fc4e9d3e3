/*
 * Waits, in the thread pool, until no processor is at work on a packet that it has begun before: membarrier(2) with
 * MEMBARRIER_CMD_GLOBAL is synchronize_rcu() in the kernel, and netfilter and XDP look elements up within RCU.
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <node_api.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "channel.h"
#include "failure.h"

struct wait {
	napi_async_work work;
	napi_deferred deferred;
	bool done;
};

static void run(napi_env env, void *data)
{
	struct wait *wait = data;

	wait->done = syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0;
}

static void finish(napi_env env, napi_status status, void *data)
{
	struct wait *wait = data;
	napi_value value;

	if (napi_get_boolean(env, wait->done, &value) == napi_ok)
		napi_resolve_deferred(env, wait->deferred, value);
	napi_delete_async_work(env, wait->work);
	free(wait);
}

/* barrier(): Promise<boolean>; false where the kernel does not do that (nohz_full, seccomp) */
napi_value barrier_wait(napi_env env, napi_callback_info info)
{
	struct wait *wait = calloc(1, sizeof(*wait));
	napi_value name, promise;

	if (!wait)
		return failure_throw(env, ENOMEM, "calloc");
	if (napi_create_string_utf8(env, "dropset:barrier", NAPI_AUTO_LENGTH, &name) == napi_ok &&
	    napi_create_async_work(env, NULL, name, run, finish, wait, &wait->work) == napi_ok &&
	    napi_create_promise(env, &wait->deferred, &promise) == napi_ok &&
	    napi_queue_async_work(env, wait->work) == napi_ok)
		return promise;
	if (wait->work)
		napi_delete_async_work(env, wait->work);
	free(wait);
	return failure_misuse(env, "barrier()");
}
