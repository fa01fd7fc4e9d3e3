/* Loads the program by libbpf, with maps of the sizes that are asked for, or with maps that are there already. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xdp.h"
#include "../failure.h"
#include "value.h"

#define PATH 4096
#define NAME 64 /* of a program: its function's */
#define LOG 4096
#define SHAPE "shape"
/* Programs and maps of the object, and some. */
#define KEPT 32

/* The end of what libbpf says: its last lines have the verifier's reason. */
static char said[LOG];

static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	size_t length, kept = strlen(said);
	char *text = NULL, *end;
	int wrote = level == LIBBPF_DEBUG ? 0 : vasprintf(&text, format, arguments);

	if (wrote <= 0)
		return wrote;
	/* The verifier's whole log comes as one text. */
	length = (size_t)wrote < sizeof(said) ? (size_t)wrote : sizeof(said) - 1;
	end = text + wrote - length;
	if (kept + length >= sizeof(said)) {
		memmove(said, said + kept - (sizeof(said) - length - 1), sizeof(said) - length - 1);
		kept = sizeof(said) - length - 1;
	}
	memcpy(said + kept, end, length + 1);
	free(text);
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

/* Gives a map its descriptor or its size, where the argument names it; answers an errno, or MISUSE. */
#define MISUSE (-1)

static int prepare(napi_env env, struct bpf_map *map, napi_value sizes, napi_value reuse)
{
	int fd, entries;
	enum value_property size = value_property(env, sizes, name_of(map), &entries);
	enum value_property descriptor = value_property(env, reuse, name_of(map), &fd);

	if (size == VALUE_WRONG || descriptor == VALUE_WRONG)
		return MISUSE;
	if (descriptor == VALUE_THERE)
		return matches(map, fd) && bpf_map__reuse_fd(map, fd) == 0 ? 0 : errno;
	if (size == VALUE_THERE)
		return bpf_map__set_max_entries(map, (__u32)entries) == 0 ? 0 : errno;
	return 0;
}

static int prepare_all(napi_env env, struct bpf_object *object, napi_value sizes, napi_value reuse)
{
	struct bpf_map *map;
	int number = 0;

	bpf_object__for_each_map(map, object) {
		if (number == 0)
			number = prepare(env, map, sizes, reuse);
	}
	return number;
}

/* From 5.18 on a program may say that it can do with frames in several pieces: drivers then take any MTU. */
static void allow_fragments(struct bpf_object *object)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		bpf_program__set_flags(program, BPF_F_XDP_HAS_FRAGS);
}

/* Of the programs that decide about packets one is loaded: the verifier takes a third of a second for each. */
static void choose(struct bpf_object *object, const char *drop)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		const char *name = bpf_program__name(program);

		if (strncmp(name, "dropset", strlen("dropset")) == 0 && strcmp(name, drop) != 0)
			bpf_program__set_autoload(program, false);
	}
}

/* The object closes its own: these are copies. All that were made are known, for who cannot make one more. */
struct kept {
	int fds[KEPT];
	int count;
};

static bool keep(napi_env env, struct kept *kept, napi_value object, const char *name, int fd)
{
	int copy = kept->count < KEPT ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;

	if (copy < 0)
		return false;
	kept->fds[kept->count++] = copy;
	value_set_number(env, object, name, copy);
	return true;
}

static bool keep_all(napi_env env, struct kept *kept, struct bpf_object *object, napi_value result, napi_value maps)
{
	struct bpf_program *program;
	struct bpf_map *map;

	bpf_object__for_each_program(program, object) {
		if (bpf_program__autoload(program) &&
		    !keep(env, kept, result, bpf_program__name(program), bpf_program__fd(program)))
			return false;
	}
	bpf_object__for_each_map(map, object) {
		if (!keep(env, kept, maps, name_of(map), bpf_map__fd(map)))
			return false;
	}
	return true;
}

static napi_value descriptors(napi_env env, struct bpf_object *object)
{
	napi_value result = value_object(env), maps = value_object(env);
	struct kept kept = { .count = 0 };

	value_set(env, result, "maps", maps);
	if (keep_all(env, &kept, object, result, maps))
		return result;
	while (kept.count > 0)
		close(kept.fds[--kept.count]);
	return failure_throw(env, EMFILE, "load");
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
	napi_value argv[5], result;
	char path[PATH], drop[NAME];
	bool fragments;
	int number;
	struct bpf_object *object;

	if (!value_arguments(env, info, 5, argv, "load(path, sizes, reuse, fragments, drop)"))
		return NULL;
	if (!value_text(env, argv[0], path, sizeof(path)) || !value_bool(env, argv[3], &fragments) ||
	    !value_text(env, argv[4], drop, sizeof(drop)))
		return failure_misuse(env, "load(path, sizes, reuse, fragments, drop)");
	said[0] = 0;
	libbpf_set_print(hear);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	object = bpf_object__open_file(path, NULL);
	if (!object)
		return refuse(env, errno, "open");
	choose(object, drop);
	if (fragments)
		allow_fragments(object);
	number = prepare_all(env, object, argv[1], argv[2]);
	if (number == MISUSE)
		result = failure_misuse(env, "load(path, sizes, reuse, fragments, drop)");
	else if (number != 0)
		result = refuse(env, number, "map");
	else if (bpf_object__load(object) < 0)
		result = refuse(env, errno, "load");
	else
		result = descriptors(env, object);
	bpf_object__close(object);
	return result;
}
