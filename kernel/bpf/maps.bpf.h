/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps of one instance, and those that all instances of the host share.
 */
#ifndef TRAITS_MAPS_BPF_H
#define TRAITS_MAPS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sock_traits);
} traits_socks SEC(".maps");

/* Cloned into accepted sockets; the traits themselves are not, a listener's are its own. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct sock_save);
} traits_saves SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct trust_key);
	__type(value, __u8);
} traits_trust SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, COUNT_MAX);
	__type(key, __u32);
	__type(value, __u64);
} traits_counts SEC(".maps");

/* Shared by all instances. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TRAITS_TICKETS);
	__type(key, __u64);
	__type(value, struct waiting_set);
} traits_tickets SEC(".maps");

/* Shared by all instances. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ticket_secret);
} traits_secret SEC(".maps");

static __always_inline void count(__u32 cause)
{
	__u64 *n = bpf_map_lookup_elem(&traits_counts, &cause);

	if (n)
		__sync_fetch_and_add(n, 1); /* the task may be preempted */
}

static __always_inline struct sock_traits *sock_traits(void *sk)
{
	return bpf_sk_storage_get(&traits_socks, sk, 0, 0);
}

#endif
