/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What XDP gave to SYNs, from the device that they came in by to the socket that is accepted.
 * Shared by all devices and instances of the host. Most sets may never be asked for: the hash
 * drops the least recently used ones.
 */
#ifndef TRAITS_XDP_BPF_H
#define TRAITS_XDP_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TRAITS_SYNS);
	__type(key, struct syn_key);
	__type(value, struct trait_set);
} traits_xdp SEC(".maps");

#endif
