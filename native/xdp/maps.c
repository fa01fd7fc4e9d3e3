/* Elements of eBPF maps, one a call. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "objects.h"
#include "xdp.h"
#include "../failure.h"
#include "value.h"

/* What a value may be at most, of a per-CPU map all of them together; and a key. */
#define VALUE (1 << 20)
#define KEY 512

/* What the kernel reads and writes at our addresses, it takes from the map: a shorter Buffer would be read past its end. */
struct sizes {
	size_t key;
	size_t value; /* of a per-CPU map for all CPUs */
};

static bool sizes_of(napi_env env, int map, struct sizes *sizes)
{
	struct bpf_map_info info = { 0 };
	__u32 length = sizeof(info);

	if (strcmp(object_kind(map), "map") != 0)
		errno = EBADF;
	else if (bpf_obj_get_info_by_fd(map, &info, &length) == 0) {
		bool is_percpu = info.type == BPF_MAP_TYPE_PERCPU_ARRAY || info.type == BPF_MAP_TYPE_PERCPU_HASH ||
				 info.type == BPF_MAP_TYPE_LRU_PERCPU_HASH || info.type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;

		sizes->key = info.key_size;
		sizes->value = is_percpu ? (info.value_size + 7u) / 8 * 8 * (size_t)libbpf_num_possible_cpus() : info.value_size;
		return true;
	}
	failure_throw(env, errno, "map");
	return false;
}

static bool is_key(napi_env env, napi_value value, const struct sizes *sizes, void **key)
{
	size_t length;

	return value_bytes(env, value, 1, key, &length) && length == sizes->key;
}

napi_value xdp_lookup(napi_env env, napi_callback_info info)
{
	napi_value argv[3], result = NULL;
	void *key, *value;
	int map;
	uint32_t size;
	struct sizes sizes;

	if (!value_arguments(env, info, 3, argv, "lookup(map, key, size)"))
		return NULL;
	if (!value_int(env, argv[0], &map) || !value_uint(env, argv[2], &size))
		return failure_misuse(env, "lookup(map, key, size)");
	if (!sizes_of(env, map, &sizes))
		return NULL;
	if (!is_key(env, argv[1], &sizes, &key) || size < sizes.value || size > VALUE)
		return failure_misuse(env, "lookup(map, key, size)");
	value = calloc(1, size);
	if (!value)
		return failure_throw(env, ENOMEM, "calloc");
	if (bpf_map_lookup_elem(map, key, value) == 0)
		result = value_copy(env, value, size);
	else if (errno != ENOENT)
		result = failure_throw(env, errno, "lookup");
	free(value);
	return result;
}

napi_value xdp_update(napi_env env, napi_callback_info info)
{
	napi_value argv[3];
	void *key, *value;
	size_t length;
	int map;
	struct sizes sizes;

	if (!value_arguments(env, info, 3, argv, "update(map, key, value)"))
		return NULL;
	if (!value_int(env, argv[0], &map))
		return failure_misuse(env, "update(map, key, value)");
	if (!sizes_of(env, map, &sizes))
		return NULL;
	if (!is_key(env, argv[1], &sizes, &key) || !value_bytes(env, argv[2], sizes.value, &value, &length))
		return failure_misuse(env, "update(map, key, value)");
	return value_or_throw(env, bpf_map_update_elem(map, key, value, BPF_ANY), "update");
}

napi_value xdp_delete(napi_env env, napi_callback_info info)
{
	napi_value argv[2], result = NULL;
	void *key;
	int map;
	bool gone;
	struct sizes sizes;

	if (!value_arguments(env, info, 2, argv, "remove(map, key)"))
		return NULL;
	if (!value_int(env, argv[0], &map))
		return failure_misuse(env, "remove(map, key)");
	if (!sizes_of(env, map, &sizes))
		return NULL;
	if (!is_key(env, argv[1], &sizes, &key))
		return failure_misuse(env, "remove(map, key)");
	gone = bpf_map_delete_elem(map, key) == 0;
	if (!gone && errno != ENOENT)
		return failure_throw(env, errno, "remove");
	napi_get_boolean(env, gone, &result);
	return result;
}

napi_value xdp_next_key(napi_env env, napi_callback_info info)
{
	napi_value argv[3];
	napi_valuetype type;
	void *key = NULL;
	char next[KEY];
	int map;
	uint32_t size;
	struct sizes sizes;

	if (!value_arguments(env, info, 3, argv, "nextKey(map, key, size)"))
		return NULL;
	if (!value_int(env, argv[0], &map) || !value_uint(env, argv[2], &size))
		return failure_misuse(env, "nextKey(map, key, size)");
	if (!sizes_of(env, map, &sizes))
		return NULL;
	if (napi_typeof(env, argv[1], &type) != napi_ok || (type != napi_null && !is_key(env, argv[1], &sizes, &key)) ||
	    size != sizes.key || size > KEY)
		return failure_misuse(env, "nextKey(map, key, size)");
	if (bpf_map_get_next_key(map, key, next) == 0)
		return value_copy(env, next, size);
	return errno == ENOENT ? NULL : failure_throw(env, errno, "nextKey");
}
