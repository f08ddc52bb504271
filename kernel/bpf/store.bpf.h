/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The trait store in a packet's metadata, see pkt_traits.h. It is copied out of the packet first:
 * what is at an offset that depends on the packet is read from memory of our own.
 */
#ifndef TRAITS_STORE_BPF_H
#define TRAITS_STORE_BPF_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"
#include "set.bpf.h"

/* The kernel keeps the size of the area in a byte, and it is a multiple of 4. */
#define META_WORDS 63
#define META_BYTES (META_WORDS * 4)
#define STORE_WORDS 16

/* A store that is being read; 16 bytes of slack let any value be read as two 64-bit words. */
struct store {
	__u32 meta[META_WORDS + 4];
	__u32 words; /* of metadata */
	__u32 lens;  /* byte c is the `len` of a key whose two bits are c */
	__u32 at;    /* next value */
	__u32 end;   /* of the values and zeros, where the mark is */
	__u32 pad;
	__u64 high;
	__u64 low;
	struct trait_set set;
};

static __always_inline void copy_metadata(struct store *s, struct __sk_buff *skb)
{
	const __u32 *word = (void *)(long)skb->data_meta, *packet = (void *)(long)skb->data;

	s->words = 0;
	for (int i = 0; i < META_WORDS; i++, word++) {
		if (word + 1 > packet)
			break;
		s->meta[i] = *word;
		s->words = i + 1;
	}
}

static __always_inline __u32 layout_lens(__u8 layout)
{
	switch (layout) {
	case PKT_TRAIT_LAYOUT_RFC_V1:
		return 2 << 8 | 4 << 16 | 8 << 24;
	case PKT_TRAIT_LAYOUT_RFC_V2:
		return PKT_TRAIT_FLAG << 8 | 4 << 16 | 8 << 24;
	case PKT_TRAIT_LAYOUT_TALK:
		return 4 << 8 | 8 << 16 | 16 << 24;
	}
	return 0;
}

/* Looks for the mark. Returns 1 if it is there, 0 if not, -EINVAL if no store can be before it. */
__noinline int store_begin(struct store *s)
{
	struct pkt_trait_mark *mark;
	__u32 end, size, at;
	__u64 *words;

	if (!s || !s->words || s->words > META_WORDS)
		return 0;
	end = (s->words - 1) * 4;
	if (end > META_BYTES - 4)
		return 0;
	mark = (struct pkt_trait_mark *)((__u8 *)s->meta + end);
	if (mark->magic[0] != PKT_TRAIT_MAGIC0 || mark->magic[1] != PKT_TRAIT_MAGIC1)
		return 0;
	size = mark->size;
	s->lens = layout_lens(mark->layout);
	if (!s->lens || size < STORE_WORDS || size % 4 || size > end)
		return -EINVAL;
	at = end - size;
	barrier_var(at); /* the compiler knows that it is small, the verifier has to be told */
	if (at > META_BYTES)
		return -EINVAL;
	words = (__u64 *)((__u8 *)s->meta + at);
	s->high = words[0];
	s->low = words[1];
	s->at = at + STORE_WORDS;
	s->end = end;
	return 1;
}

/* Adds one key to the set. Returns 0, -EINVAL if its value is not in the store or not in the limits. */
__noinline int store_key(struct store *s, __u32 key)
{
	__u32 code, len, at;
	__u64 *value;

	if (!s)
		return -EINVAL;
	key &= PKT_TRAIT_KEYS - 1;
	code = (s->high >> key & 1) << 1 | (s->low >> key & 1);
	if (!code)
		return 0;
	len = s->lens >> code * 8 & 0xff;
	at = s->at;
	if (at > META_BYTES || at + trait_size(len) > s->end)
		return -EINVAL;
	value = (__u64 *)((__u8 *)s->meta + at);
	if (trait_put(&s->set, key, len, value[0], value[1]))
		return -EINVAL;
	s->at = at + trait_size(len);
	return 0;
}

/* After the last value there is nothing but zeros, and no more of them than are needed. */
__noinline int store_end(struct store *s)
{
	__u32 zeros, at;

	if (!s)
		return -EINVAL;
	at = s->at;
	zeros = s->end - at;
	if (at > META_BYTES || zeros > 3)
		return -EINVAL;
	return *(__u32 *)((__u8 *)s->meta + at) & ((1U << zeros * 8) - 1) ? -EINVAL : 0;
}

/* Reads the store of a packet into s->set. Returns 1, 0 if there is none, -EINVAL if it is malformed. */
static __always_inline int read_store(struct store *s, struct __sk_buff *skb)
{
	int found;

	copy_metadata(s, skb);
	found = store_begin(s);
	if (found <= 0)
		return found;
	__builtin_memset(&s->set, 0, sizeof(s->set));
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		if (store_key(s, key))
			return -EINVAL;
	return store_end(s) ? -EINVAL : 1;
}

#endif
