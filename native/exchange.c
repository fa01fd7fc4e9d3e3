/*
 * One request and all that the kernel answers, in one job of the thread pool.
 *
 * The kernel handles a request inside sendmsg and has queued its replies when that returns; a dump goes on as its replies are
 * read. So "everything was answered" is "nothing is left to read", and no reply has to be understood here.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "channel.h"
#include "failure.h"

/* Room for one datagram: a dump's are at most 32 KiB, an error's carries at most one message of 64 KiB. */
#define DATAGRAM (128 * 1024)

struct job {
	struct channel *channel;
	napi_ref owner;   /* the channel's object */
	napi_ref request; /* its bytes must stay until sent */
	napi_async_work work;
	napi_deferred deferred;
	const void *bytes;
	size_t length;
	size_t limit; /* stop reading behind so many bytes of replies */

	int number; /* errno, or 0 */
	const char *syscall;
	char *replies;
	size_t size;
	size_t capacity;
	bool more;    /* stopped at the limit */
	bool overrun; /* the kernel had no room for a reply: some are missing */
};

static bool fail(struct job *job, const char *syscall)
{
	job->number = errno;
	job->syscall = syscall;
	return false;
}

static bool send_request(struct job *job)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec part = { .iov_base = (void *)job->bytes, .iov_len = job->length };
	struct msghdr message = { .msg_name = &kernel, .msg_namelen = sizeof(kernel), .msg_iov = &part, .msg_iovlen = 1 };

	return job->length == 0 || sendmsg(job->channel->fd, &message, 0) >= 0 || fail(job, "sendmsg");
}

static bool make_room(struct job *job)
{
	size_t capacity = job->capacity ? job->capacity * 2 : DATAGRAM;
	char *grown;

	if (job->capacity - job->size >= DATAGRAM)
		return true;
	grown = realloc(job->replies, capacity);
	if (!grown) {
		errno = ENOMEM;
		return fail(job, "realloc");
	}
	job->replies = grown;
	job->capacity = capacity;
	return true;
}

/* Reads one datagram; false at the end of the queue or on failure. */
static bool receive(struct job *job)
{
	ssize_t got;

	if (!make_room(job))
		return false;
	got = recv(job->channel->fd, job->replies + job->size, job->capacity - job->size, MSG_DONTWAIT);
	if (got >= 0) {
		job->size += (size_t)got;
		return true;
	}
	if (errno == ENOBUFS)
		job->overrun = true;
	else if (errno != EINTR)
		return errno == EAGAIN ? false : fail(job, "recv");
	return true;
}

static void run(napi_env env, void *data)
{
	struct job *job = data;

	if (!send_request(job))
		return;
	while (receive(job)) {
		if (job->size >= job->limit) {
			job->more = true;
			return;
		}
	}
}

static void set_bool(napi_env env, napi_value object, const char *name, bool value)
{
	napi_value boolean;

	if (napi_get_boolean(env, value, &boolean) == napi_ok)
		napi_set_named_property(env, object, name, boolean);
}

static napi_value answer(napi_env env, struct job *job)
{
	napi_value object, bytes;

	if (napi_create_object(env, &object) != napi_ok ||
	    napi_create_buffer_copy(env, job->size, job->size ? job->replies : "", NULL, &bytes) != napi_ok)
		return NULL;
	napi_set_named_property(env, object, "replies", bytes);
	set_bool(env, object, "more", job->more);
	set_bool(env, object, "overrun", job->overrun);
	return object;
}

static void job_free(napi_env env, struct job *job)
{
	if (job->owner)
		napi_delete_reference(env, job->owner);
	if (job->request)
		napi_delete_reference(env, job->request);
	if (job->work)
		napi_delete_async_work(env, job->work);
	free(job->replies);
	free(job);
}

static void done(napi_env env, napi_status status, void *data)
{
	struct job *job = data;
	napi_value value;

	job->channel->jobs--;
	channel_settle(job->channel);
	if (status == napi_cancelled && !job->number) {
		job->number = ECANCELED;
		job->syscall = "sendmsg";
	}
	if (job->number && (value = failure_new(env, job->number, job->syscall)))
		napi_reject_deferred(env, job->deferred, value);
	else if ((value = answer(env, job)))
		napi_resolve_deferred(env, job->deferred, value);
	job_free(env, job);
}

/* Reads the arguments behind the channel; false if they are not what they should be. */
static bool read_arguments(napi_env env, napi_value *argv, struct job *job)
{
	napi_valuetype type;
	void *bytes;
	uint32_t limit;

	if (napi_typeof(env, argv[1], &type) != napi_ok || napi_get_value_uint32(env, argv[2], &limit) != napi_ok)
		return false;
	job->limit = limit;
	if (type == napi_null)
		return true;
	if (napi_get_buffer_info(env, argv[1], &bytes, &job->length) != napi_ok)
		return false;
	job->bytes = bytes;
	return napi_create_reference(env, argv[1], 1, &job->request) == napi_ok;
}

static bool start(napi_env env, napi_value owner, struct job *job, napi_value *promise)
{
	napi_value name;

	return napi_create_reference(env, owner, 1, &job->owner) == napi_ok &&
	       napi_create_string_utf8(env, "dropset:netlink", NAPI_AUTO_LENGTH, &name) == napi_ok &&
	       napi_create_async_work(env, NULL, name, run, done, job, &job->work) == napi_ok &&
	       napi_create_promise(env, &job->deferred, promise) == napi_ok &&
	       napi_queue_async_work(env, job->work) == napi_ok;
}

napi_value channel_exchange(napi_env env, napi_callback_info info)
{
	napi_value argv[3], promise;
	struct channel *channel = channel_of(env, info, 3, argv);
	struct job *job;

	if (!channel)
		return NULL;
	job = calloc(1, sizeof(*job));
	if (!job)
		return failure_throw(env, ENOMEM, "calloc");
	job->channel = channel;
	if (!read_arguments(env, argv, job) || !start(env, argv[0], job, &promise)) {
		job_free(env, job);
		return failure_misuse(env, "exchange(channel, request, limit)");
	}
	channel->jobs++;
	return promise;
}
