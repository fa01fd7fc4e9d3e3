/* What children get of the service's capabilities and descriptors: nothing. */
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "channel.h"
#include "failure.h"

/* All of them, in two words: capget(2). */
#define WORDS _LINUX_CAPABILITY_U32S_3
#define CAPABILITIES (32 * WORDS)

static int call(long number, struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = 0 };

	return syscall(number, &header, data) < 0 ? errno : 0;
}

/* Capabilities that exec(2) leaves to a program that is nobody's in particular; those are inheritable too. */
static uint64_t ambient(void)
{
	uint64_t found = 0;

	for (int capability = 0; capability < CAPABILITIES; capability++) {
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) == 1)
			found |= UINT64_C(1) << capability;
	}
	return found;
}

static int restore(struct __user_cap_data_struct *held, uint64_t raised)
{
	int error = call(SYS_capset, held);

	for (int capability = 0; !error && capability < CAPABILITIES; capability++) {
		if (!(raised >> capability & 1))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			error = errno;
	}
	return error;
}

/* Ours are so anyway; others were open when the service was started. Before 5.11 the kernel refuses (EINVAL). */
static void close_on_exec(void)
{
	syscall(SYS_close_range, 3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
}

/*
 * withhold(work): calls it, and answers what it answers. What it starts, from this thread, inherits no capability: without inheritable ones
 * there are no ambient ones (capabilities(7)). What the thread itself may do stays.
 */
napi_value capabilities_withhold(napi_env env, napi_callback_info info)
{
	struct __user_cap_data_struct held[WORDS], bare[WORDS];
	napi_value work, undefined, answer = NULL;
	size_t count = 1;
	int error;
	napi_valuetype type;

	if (napi_get_cb_info(env, info, &count, &work, NULL, NULL) != napi_ok || count < 1 ||
	    napi_typeof(env, work, &type) != napi_ok || type != napi_function)
		return failure_misuse(env, "withhold(work)");
	if (napi_get_undefined(env, &undefined) != napi_ok)
		return NULL;
	error = call(SYS_capget, held);
	if (error)
		return failure_throw(env, error, "capget");
	uint64_t raised = ambient();

	memcpy(bare, held, sizeof(bare));
	for (int word = 0; word < WORDS; word++)
		bare[word].inheritable = 0;
	error = call(SYS_capset, bare);
	if (error)
		return failure_throw(env, error, "capset");
	close_on_exec();
	/* What it throws waits in the environment until we return. */
	napi_call_function(env, undefined, work, 0, NULL, &answer);
	error = restore(held, raised);
	return error ? failure_throw(env, error, "capset") : answer;
}
