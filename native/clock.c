/* What the kernel thinks of its clock. */
#include <node_api.h>
#include <sys/timex.h>

#include "channel.h"

/* clockStatus(): the status of adjtimex(2), which is asked and not changed; -1 where that is not allowed. */
napi_value clock_status(napi_env env, napi_callback_info info)
{
	struct timex timex = { .modes = 0 };
	napi_value value;
	int status = adjtimex(&timex) < 0 ? -1 : timex.status;

	return napi_create_int32(env, status, &value) == napi_ok ? value : NULL;
}
