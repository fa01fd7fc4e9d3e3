/* Loads the program by libbpf, with maps of the sizes that are asked for, or with maps that are there already. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "xdp.h"
#include "../failure.h"
#include "value.h"

#define PATH 4096
#define LOG 4096
#define SHAPE "shape"

/* The end of what libbpf says: its last lines have the verifier's reason. */
static char said[LOG];

static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char line[1024];
	size_t length, kept = strlen(said);
	int wrote = vsnprintf(line, sizeof(line), format, arguments);

	if (level == LIBBPF_DEBUG || wrote < 0)
		return wrote;
	length = strlen(line);
	if (kept + length >= sizeof(said)) {
		kept = sizeof(said) - length - 1;
		memmove(said, said + strlen(said) - kept, kept);
	}
	memcpy(said + kept, line, length + 1);
	return wrote;
}

/* The program's global variable has a map of its own, whose name libbpf makes up. */
static const char *name_of(const struct bpf_map *map)
{
	return bpf_map__is_internal(map) && strstr(bpf_map__name(map), ".bss") ? SHAPE : bpf_map__name(map);
}

static bool matches(const struct bpf_map *map, int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &length) == 0 && info.type == bpf_map__type(map) &&
	    info.key_size == bpf_map__key_size(map) && info.value_size == bpf_map__value_size(map))
		return true;
	errno = EINVAL;
	return false;
}

/* Gives a map its descriptor or its size, where the argument names it. */
static bool prepare(napi_env env, struct bpf_map *map, napi_value sizes, napi_value reuse)
{
	uint32_t fd, entries;

	if (value_property(env, reuse, name_of(map), &fd))
		return matches(map, (int)fd) && bpf_map__reuse_fd(map, (int)fd) == 0;
	if (value_property(env, sizes, name_of(map), &entries))
		return bpf_map__set_max_entries(map, entries) == 0;
	return true;
}

static bool prepare_all(napi_env env, struct bpf_object *object, napi_value sizes, napi_value reuse)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		if (!prepare(env, map, sizes, reuse))
			return false;
	}
	return true;
}

/* From 5.18 on a program may say that it can do with frames in several pieces: drivers then take any MTU. */
static void allow_fragments(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		bpf_program__set_flags(program, BPF_F_XDP_HAS_FRAGS);
}

/* The object closes its own. */
static int keep(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static napi_value descriptors(napi_env env, struct bpf_object *object)
{
	napi_value result = value_object(env), maps = value_object(env);
	struct bpf_program *program;
	struct bpf_map *map;

	bpf_object__for_each_program(program, object)
		value_set_number(env, result, bpf_program__name(program), keep(bpf_program__fd(program)));
	bpf_object__for_each_map(map, object)
		value_set_number(env, maps, name_of(map), keep(bpf_map__fd(map)));
	value_set(env, result, "maps", maps);
	return result;
}

static napi_value refuse(napi_env env, int number, const char *syscall)
{
	napi_value error = failure_new(env, number, syscall);

	if (error) {
		value_set_text(env, error, "log", said);
		napi_throw(env, error);
	}
	return NULL;
}

napi_value xdp_load(napi_env env, napi_callback_info info)
{
	napi_value argv[4], result;
	char path[PATH];
	bool fragments;
	struct bpf_object *object;

	if (!value_arguments(env, info, 4, argv, "load(path, sizes, reuse, fragments)"))
		return NULL;
	if (!value_text(env, argv[0], path, sizeof(path)) || !value_bool(env, argv[3], &fragments))
		return failure_misuse(env, "load(path, sizes, reuse, fragments)");
	said[0] = 0;
	libbpf_set_print(hear);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	object = bpf_object__open_file(path, NULL);
	if (!object)
		return refuse(env, errno, "open");
	if (fragments)
		allow_fragments(object);
	if (!prepare_all(env, object, argv[1], argv[2]))
		result = refuse(env, errno, "map");
	else if (bpf_object__load(object) < 0)
		result = refuse(env, errno, "load");
	else
		result = descriptors(env, object);
	bpf_object__close(object);
	return result;
}
