/* eBPF objects: pins, links, test runs. Raw calls, one each. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "objects.h"
#include "xdp.h"
#include "../failure.h"
#include "value.h"

#define PATH 4096
/* What an XDP frame may be at most in a test run. */
#define FRAME 65536
/* Runs in one call: a second or two. */
#define RUNS (1u << 24)

napi_value xdp_pin(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	char path[PATH];
	int fd;

	if (!value_arguments(env, info, 2, argv, "pin(fd, path)"))
		return NULL;
	if (!value_int(env, argv[0], &fd) || !value_text(env, argv[1], path, sizeof(path)))
		return failure_misuse(env, "pin(fd, path)");
	return value_or_throw(env, bpf_obj_pin(fd, path), "pin");
}

napi_value xdp_open_pin(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	char path[PATH];

	if (!value_arguments(env, info, 1, argv, "openPin(path)"))
		return NULL;
	if (!value_text(env, argv[0], path, sizeof(path)))
		return failure_misuse(env, "openPin(path)");
	return value_or_throw(env, bpf_obj_get(path), "openPin");
}

napi_value xdp_program(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	uint32_t id;

	if (!value_arguments(env, info, 1, argv, "programById(id)"))
		return NULL;
	if (!value_uint(env, argv[0], &id))
		return failure_misuse(env, "programById(id)");
	return value_or_throw(env, bpf_prog_get_fd_by_id(id), "programById");
}

/* The kernel tells by the name of its anonymous file. */
const char *object_kind(int fd)
{
	char path[64], target[64] = { 0 };

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		return "unknown";
	if (strstr(target, "bpf-map"))
		return "map";
	if (strstr(target, "bpf-prog"))
		return "program";
	return strstr(target, "bpf_link") || strstr(target, "bpf-link") ? "link" : "unknown";
}

static void inspect_map(napi_env env, napi_value result, int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length) < 0)
		return;
	value_set_text(env, result, "name", info.name);
	value_set_number(env, result, "id", info.id);
	value_set_number(env, result, "type", info.type);
	value_set_number(env, result, "keySize", info.key_size);
	value_set_number(env, result, "valueSize", info.value_size);
	value_set_number(env, result, "entries", info.max_entries);
}

static void inspect_program(napi_env env, napi_value result, int fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length) < 0)
		return;
	value_set_text(env, result, "name", info.name);
	value_set_number(env, result, "id", info.id);
	value_set_number(env, result, "type", info.type);
}

static void inspect_link(napi_env env, napi_value result, int fd)
{
	struct bpf_link_info info = { 0 };
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length) < 0)
		return;
	value_set_number(env, result, "id", info.id);
	value_set_number(env, result, "type", info.type);
	value_set_number(env, result, "program", info.prog_id);
	value_set_number(env, result, "ifindex", info.xdp.ifindex);
}

napi_value xdp_inspect(napi_env env, napi_callback_info info)
{
	napi_value argv[1], result;
	const char *kind;
	int fd;

	if (!value_arguments(env, info, 1, argv, "inspect(fd)"))
		return NULL;
	if (!value_int(env, argv[0], &fd))
		return failure_misuse(env, "inspect(fd)");
	result = value_object(env);
	kind = object_kind(fd);
	value_set_text(env, result, "kind", kind);
	if (strcmp(kind, "map") == 0)
		inspect_map(env, result, fd);
	else if (strcmp(kind, "program") == 0)
		inspect_program(env, result, fd);
	else if (strcmp(kind, "link") == 0)
		inspect_link(env, result, fd);
	return result;
}

napi_value xdp_attach(napi_env env, napi_callback_info info)
{
	LIBBPF_OPTS(bpf_link_create_opts, options);
	napi_value argv[3];
	int program, ifindex;

	if (!value_arguments(env, info, 3, argv, "attach(program, ifindex, flags)"))
		return NULL;
	if (!value_int(env, argv[0], &program) || !value_int(env, argv[1], &ifindex) ||
	    !value_uint(env, argv[2], &options.flags))
		return failure_misuse(env, "attach(program, ifindex, flags)");
	return value_or_throw(env, bpf_link_create(program, ifindex, BPF_XDP, &options), "attach");
}

napi_value xdp_update_link(napi_env env, napi_callback_info info)
{
	napi_value argv[2];
	int link, program;

	if (!value_arguments(env, info, 2, argv, "updateLink(link, program)"))
		return NULL;
	if (!value_int(env, argv[0], &link) || !value_int(env, argv[1], &program))
		return failure_misuse(env, "updateLink(link, program)");
	return value_or_throw(env, bpf_link_update(link, program, NULL), "updateLink");
}

napi_value xdp_detach_link(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	int link;

	if (!value_arguments(env, info, 1, argv, "detachLink(link)"))
		return NULL;
	if (!value_int(env, argv[0], &link))
		return failure_misuse(env, "detachLink(link)");
	return value_or_throw(env, bpf_link_detach(link), "detachLink");
}

napi_value xdp_close(napi_env env, napi_callback_info info)
{
	napi_value argv[1];
	int fd;

	if (!value_arguments(env, info, 1, argv, "close(fd)"))
		return NULL;
	if (!value_int(env, argv[0], &fd))
		return failure_misuse(env, "close(fd)");
	return value_or_throw(env, close(fd), "close");
}

napi_value xdp_test_run(napi_env env, napi_callback_info info)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);
	napi_value argv[3], result;
	void *frame;
	size_t length;
	int program;
	uint32_t repeat;
	char *out;

	if (!value_arguments(env, info, 3, argv, "testRun(program, frame, repeat)"))
		return NULL;
	if (!value_int(env, argv[0], &program) || !value_bytes(env, argv[1], 1, &frame, &length) || length > FRAME ||
	    !value_uint(env, argv[2], &repeat) || repeat > RUNS)
		return failure_misuse(env, "testRun(program, frame, repeat)");
	out = malloc(FRAME);
	if (!out)
		return failure_throw(env, ENOMEM, "malloc");
	options.data_in = frame;
	options.data_size_in = length;
	options.data_out = out;
	options.data_size_out = FRAME;
	options.repeat = (int)repeat;
	if (bpf_prog_test_run_opts(program, &options) < 0) {
		free(out);
		return failure_throw(env, errno, "testRun");
	}
	result = value_object(env);
	value_set_number(env, result, "verdict", options.retval);
	value_set_number(env, result, "nanoseconds", options.duration);
	value_set(env, result, "frame", value_copy(env, out, options.data_size_out));
	free(out);
	return result;
}
