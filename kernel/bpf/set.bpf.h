/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Operations on struct trait_set. Values are handled as two 64-bit words, the first in the lower
 * address; which bytes of a word belong to the value is said by a mask.
 */
#ifndef TRAITS_SET_BPF_H
#define TRAITS_SET_BPF_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the masks of value words are those of a little endian machine"
#endif

/* Written without a branch per length, so that the verifier has one state and not five. */
static __always_inline int trait_len_ok(__u32 len)
{
	return len == PKT_TRAIT_FLAG || (len <= 16 && (0x10114 >> len & 1));
}

static __always_inline __u32 trait_size(__u32 len)
{
	return len == PKT_TRAIT_FLAG ? 0 : len & 31;
}

static __always_inline void trait_masks(__u32 size, __u64 *m0, __u64 *m1)
{
	*m0 = size >= 8 ? ~0ULL : (1ULL << (size * 8 & 63)) - 1;
	*m1 = size == 16 ? ~0ULL : 0;
}

/*
 * Stores a value of a valid length. Returns 0, -EBUSY if the key has a value of another length,
 * -ENOSPC if there is no room. Global, so that it is verified once and not in every iteration.
 */
__noinline int trait_put(struct trait_set *set, __u32 key, __u32 len, __u64 w0, __u64 w1)
{
	__u32 size = trait_size(len), off;
	__u64 m0, m1, *val;

	if (!set)
		return -EINVAL;
	key &= PKT_TRAIT_KEYS - 1;
	if (set->len[key]) {
		if (set->len[key] != len)
			return -EBUSY;
		off = set->off[key];
	} else {
		off = set->used;
		if (off > PKT_TRAIT_ROOM || off + size > PKT_TRAIT_ROOM)
			return -ENOSPC;
		set->len[key] = len;
		set->off[key] = off;
		set->used = off + size;
	}
	if (off > PKT_TRAIT_ROOM)
		return -ENOSPC;
	trait_masks(size, &m0, &m1);
	val = (__u64 *)(set->val + off);
	val[0] = (val[0] & ~m0) | (w0 & m0);
	val[1] = (val[1] & ~m1) | (w1 & m1);
	return 0;
}

/* Reads a value, unused bytes zero. Returns its `len`, 0 if the key is absent. */
static __always_inline __u32 trait_get(const struct trait_set *set, __u32 key, __u64 *w0, __u64 *w1)
{
	__u32 len, off;
	__u64 m0, m1, *val;

	*w0 = *w1 = 0;
	key &= PKT_TRAIT_KEYS - 1;
	len = set->len[key];
	off = set->off[key];
	if (!len || off > PKT_TRAIT_ROOM)
		return 0;
	trait_masks(trait_size(len), &m0, &m1);
	val = (__u64 *)(set->val + off);
	*w0 = val[0] & m0;
	*w1 = val[1] & m1;
	return len;
}

#endif
