/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store as uapi.md has it, in plain C; and random elements that are good more often than not.
 */
#ifndef MODEL_H
#define MODEL_H

#include "subject.h"
#include "values.h"

struct model {
	__u8 len[PKT_TRAIT_KEYS];
	__u8 val[PKT_TRAIT_KEYS][16];
	int used;
};

static inline __u32 draw(__u64 *state, __u32 below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (*state >> 16) % below;
}

static inline struct pkt_trait draw_element(__u64 *random)
{
	static const int lens[] = { 0, 2, 2, 4, 4, 8, 8, 16 }, bad[] = { 1, 3, 7, 17, 254 };
	struct pkt_trait t = { .key = draw(random, PKT_TRAIT_KEYS), .len = lens[draw(random, 8)] };

	if (store && t.len == 16)
		t.len = 8;
	for (int i = 0; i < t.len; i++)
		t.val[i] = draw(random, 256);
	switch (draw(random, 100)) {
	case 0:
		t.key = PKT_TRAIT_KEYS + draw(random, 256 - PKT_TRAIT_KEYS);
		break;
	case 1:
		t.len = bad[draw(random, 5)];
		break;
	case 2:
		t._zpad_1 = 1 + draw(random, 255);
		break;
	case 3:
		t._zpad_2 = 1 + draw(random, 1 << 30);
		break;
	case 4:
		t.io_err = 1 + draw(random, 255);
		break;
	}
	return t;
}

static inline bool model_len_ok(int len)
{
	return len == 2 || len == 4 || len == 8 || (len == 16 && !store);
}

/* Adds one element; returns 0 or the errno of it. The room is the caller's affair: it may be overdrawn. */
static inline int model_add(struct model *m, const struct pkt_trait *t)
{
	if (t->key >= PKT_TRAIT_KEYS)
		return EINVAL;
	if (!t->len)
		return 0;
	if (t->_zpad_1 || t->_zpad_2 || t->io_err || !model_len_ok(t->len))
		return EINVAL;
	if (m->len[t->key] && m->len[t->key] != t->len)
		return EBUSY;
	if (!m->len[t->key])
		m->used += t->len;
	m->len[t->key] = t->len;
	memset(m->val[t->key], 0, 16);
	memcpy(m->val[t->key], t->val, t->len);
	return 0;
}

static inline bool model_has(const struct model *m, const struct pkt_trait *t)
{
	return t->key < PKT_TRAIT_KEYS && is(t, t->key, m->len[t->key], m->val[t->key]);
}

/* What is there, in key order. */
static inline size_t model_traits(const struct model *m, struct pkt_trait t[PKT_TRAIT_KEYS])
{
	size_t count = 0;

	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		if (m->len[key])
			t[count++] = trait(key, m->len[key], m->val[key]);
	return count;
}

#endif
