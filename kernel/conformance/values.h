/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes to make values of, and sets that are often needed.
 */
#ifndef VALUES_H
#define VALUES_H

#include "subject.h"

static const __u8 bytes[16] = { 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
				0x38, 0x49, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf };

static const struct pkt_trait three[] = {
	{ .key = 1, .len = 8, .val = { 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27 } },
	{ .key = 30, .len = 4, .val = { 0xa0, 0xb1, 0xc2, 0xd3 } },
	{ .key = 60, .len = 2, .val = { 0xa0, 0xb1 } },
};

/* A trait of each size that the kernel takes, in key order. */
static inline size_t every_size(struct pkt_trait *t)
{
	size_t count = 0;

	t[count++] = trait(0, 4, bytes + 1);
	if (!store)
		t[count++] = trait(7, 16, bytes);
	t[count++] = trait(31, 8, bytes + 2);
	t[count++] = trait(63, 2, bytes);
	return count;
}

/* All keys, 200 bytes of values. */
static inline void full_set(struct pkt_trait t[PKT_TRAIT_KEYS])
{
	for (int key = 0; key < PKT_TRAIT_KEYS; key++) /* 36 * 4 + 28 * 2 */
		t[key] = trait(key, key % 16 < 9 ? 4 : 2, bytes + key % 12);
}

/* 26 values of 8 bytes: one more than fits. */
#define TOO_MANY 26

static inline void too_many(struct pkt_trait t[TOO_MANY])
{
	for (int i = 0; i < TOO_MANY; i++)
		t[i] = trait(i, 8, bytes);
}

static inline bool is(const struct pkt_trait *t, int key, int len, const void *val)
{
	const struct pkt_trait expected = trait(key, len, val);

	return !memcmp(t, &expected, sizeof(expected));
}

#endif
