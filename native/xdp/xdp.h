/* What this addon exports; src/bpf has the types. Every function answers at once: what waits for a device is attaching alone. */
#ifndef DROPSET_XDP_H
#define DROPSET_XDP_H

#include <node_api.h>

/* load(path, {map: entries}, {map: fd}, fragments, drop): {drop's name, jiffies, maps: {map: fd}} */
napi_value xdp_load(napi_env env, napi_callback_info info);

/* Of eBPF objects: descriptors are plain numbers, and the caller closes them. */
napi_value xdp_pin(napi_env env, napi_callback_info info);        /* pin(fd, path) */
napi_value xdp_open_pin(napi_env env, napi_callback_info info);   /* openPin(path): fd */
napi_value xdp_inspect(napi_env env, napi_callback_info info);    /* inspect(fd): what it is */
napi_value xdp_program(napi_env env, napi_callback_info info);    /* programById(id): fd */
napi_value xdp_attach(napi_env env, napi_callback_info info);     /* attach(program, ifindex, flags): fd of a link */
napi_value xdp_update_link(napi_env env, napi_callback_info info); /* updateLink(link, program) */
napi_value xdp_detach_link(napi_env env, napi_callback_info info); /* detachLink(link) */
napi_value xdp_test_run(napi_env env, napi_callback_info info);   /* testRun(program, frame, repeat): {verdict, nanoseconds, frame} */
napi_value xdp_close(napi_env env, napi_callback_info info);      /* close(fd) */
napi_value xdp_lookup(napi_env env, napi_callback_info info);     /* lookup(map, key, size): Buffer or undefined */
napi_value xdp_update(napi_env env, napi_callback_info info);     /* update(map, key, value) */
napi_value xdp_delete(napi_env env, napi_callback_info info);     /* remove(map, key): whether it was there */
napi_value xdp_next_key(napi_env env, napi_callback_info info);   /* nextKey(map, key or null, size): Buffer or undefined */

/* Of the tables in mapped maps. */
napi_value xdp_plan(napi_env env, napi_callback_info info);        /* plan(addresses, prefixes, counting): {map: entries} */
napi_value xdp_open_arena(napi_env env, napi_callback_info info);  /* openArena({map: fd}): arena */
napi_value xdp_close_arena(napi_env env, napi_callback_info info); /* closeArena(arena) */
napi_value xdp_format(napi_env env, napi_callback_info info);      /* format(arena, addresses, prefixes, counting, jiffies, since) */
napi_value xdp_adopt(napi_env env, napi_callback_info info);       /* adopt(arena, jiffies, since) */
napi_value xdp_describe(napi_env env, napi_callback_info info);    /* describe(arena): sizes, held, ... */
napi_value xdp_allow(napi_env env, napi_callback_info info);       /* allow(arena, records) */
napi_value xdp_apply(napi_env env, napi_callback_info info);       /* apply(arena, records): -1 or the table that is full */
napi_value xdp_find(napi_env env, napi_callback_info info);        /* find(arena, records): found, one for each */
napi_value xdp_walk(napi_env env, napi_callback_info info);        /* walk(arena, from, slots): {next, found} */
napi_value xdp_copy(napi_env env, napi_callback_info info);        /* copy(arena, into, from, slots): the next slot */
napi_value xdp_sweep(napi_env env, napi_callback_info info);       /* sweep(arena, slots): whether there is more to do */

napi_value xdp_layout(napi_env env); /* sizes and offsets, by name */

#endif
