/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * setsockopt and getsockopt of the three options.
 */
#ifndef TRAITS_SOCKOPT_BPF_H
#define TRAITS_SOCKOPT_BPF_H

#include "caller.bpf.h"
#include "maps.bpf.h"
#include "set.bpf.h"

#define SOL_TCP 6
#define IPPROTO_TCP 6
#define TCP_SAVE_SYN 27
#define PAGE_BYTES 4096

/* Answers of a program: whatever the return value says, or "no, with this error". */
#define PASS 1

static __always_inline int refuse(int error)
{
	bpf_set_retval(error);
	return PASS;
}

/* The kernel shows one page of a buffer; the rest of it must not be lost for other options. */
static __always_inline int not_ours(struct bpf_sockopt *ctx)
{
	if (ctx->optlen > PAGE_BYTES)
		ctx->optlen = 0;
	return PASS;
}

/*
 * Disconnecting (connect to AF_UNSPEC, or the kernel's own after a failed connect) zeroes the
 * remote port; a connection that was reset or closed keeps it, and its traits stay readable.
 */
static __always_inline int disconnected(const struct sock_traits *st, struct bpf_sock *sk)
{
	return st->connected && sk->state == BPF_TCP_CLOSE && sk->dst_port == 0;
}

static __always_inline void forget(struct sock_traits *st)
{
	__builtin_memset(st->out.set.len, 0, sizeof(st->out.set.len));
	st->out.set.used = 0;
	st->connected = 0;
	st->opt_len = 0;
	st->opt_ticket = 0;
	st->counted = 0;
}

static __always_inline int trait_bad(const struct pkt_trait *t)
{
	return t->_zpad_1 || t->key >= PKT_TRAIT_KEYS || !trait_len_ok(t->len) || t->io_err || t->_zpad_2;
}

/* Lengths of the traits that a set would have, and the room that their values would take. */
struct plan {
	__u8 len[PKT_TRAIT_KEYS];
	__u32 used;
};

__noinline int plan_element(struct plan *plan, __u32 key, __u32 len)
{
	if (!plan)
		return -EINVAL;
	key &= PKT_TRAIT_KEYS - 1;
	if (!plan->len[key]) {
		plan->len[key] = len;
		plan->used += trait_size(len);
	}
	return 0;
}

static __always_inline void plan_elements(struct plan *plan, const struct pkt_trait *t, const void *end)
{
	for (int i = 0; i < PKT_TRAIT_KEYS; i++, t++) {
		if ((const void *)(t + 1) > end)
			break;
		if (t->len && !trait_bad(t))
			plan_element(plan, t->key, t->len);
	}
}

/*
 * Adds the good elements. Returns whether all were good; noted in the map, a place that the
 * verifier does not follow, so that it need not look at every combination of good and bad ones.
 */
static __always_inline int add_elements(struct sock_traits *st, const struct pkt_trait *t, const void *end)
{
	st->bad = 0;

	for (int i = 0; i < PKT_TRAIT_KEYS; i++, t++) {
		if ((const void *)(t + 1) > end)
			break;
		if (!t->len && t->key < PKT_TRAIT_KEYS)
			continue;
		if (trait_bad(t) || trait_put(&st->out.set, t->key, t->len, ((__u64 *)t->val)[0], ((__u64 *)t->val)[1]))
			st->bad = 1;
	}
	return !st->bad;
}

static __always_inline int set_traits(struct bpf_sockopt *ctx, struct bpf_sock *sk)
{
	void *optval = ctx->optval, *end = ctx->optval_end;
	__s32 optlen = ctx->optlen;
	struct sock_traits *st;
	struct plan plan;

	if (optlen <= 0 || optlen > (__s32)sizeof(struct pkt_trait) * PKT_TRAIT_KEYS ||
	    optlen % sizeof(struct pkt_trait))
		return -EINVAL;
	if (sk->state != BPF_TCP_CLOSE)
		return -EOPNOTSUPP;
	st = bpf_sk_storage_get(&traits_socks, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!st) {
		count(COUNT_no_memory);
		return -ENOMEM;
	}
	if (disconnected(st, sk))
		forget(st);
	else if (st->connected)
		return -EOPNOTSUPP;
	__builtin_memcpy(plan.len, st->out.set.len, sizeof(plan.len));
	plan.used = st->out.set.used;
	plan_elements(&plan, optval, end);
	if (plan.used > PKT_TRAIT_ROOM)
		return -ENOSPC;
	return add_elements(st, optval, end) ? 0 : -EIO;
}

static __always_inline int set_save(struct bpf_sockopt *ctx, struct bpf_sock *sk)
{
	int *on = ctx->optval, syn = 0;
	struct sock_save *save;

	if ((void *)(on + 1) > ctx->optval_end || ctx->optlen < (__s32)sizeof(int) || (__u32)*on > 1)
		return -EINVAL;
	save = bpf_sk_storage_get(&traits_saves, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!save) {
		count(COUNT_no_memory);
		return -ENOMEM;
	}
	save->save = *on;
	/* An application that keeps SYNs for itself is not disturbed. */
	if (save->save && !bpf_getsockopt(sk, SOL_TCP, TCP_SAVE_SYN, &syn, sizeof(syn)) && !syn) {
		syn = 1;
		save->save_syn = !bpf_setsockopt(sk, SOL_TCP, TCP_SAVE_SYN, &syn, sizeof(syn));
	} else if (!save->save && save->save_syn) {
		save->save_syn = 0;
		bpf_setsockopt(sk, SOL_TCP, TCP_SAVE_SYN, &syn, sizeof(syn));
	}
	return 0;
}

/* Answers one element. Reads of the caller's memory never wait for a page. */
static __always_inline void get_element(struct pkt_trait *t, const struct sock_traits *st)
{
	__u64 w0 = 0, w1 = 0;

	t->len = 0;
	t->io_err = 0;
	if (t->key >= PKT_TRAIT_KEYS || t->_zpad_1 || t->_zpad_2)
		t->io_err = EINVAL;
	else if (st)
		t->len = trait_get(&st->out.set, t->key, &w0, &w1);
	((__u64 *)t->val)[0] = w0;
	((__u64 *)t->val)[1] = w1;
}

/* The lowest key that is there from `key` on, or PKT_TRAIT_KEYS. */
__noinline int present_key(struct sock_traits *st, __u32 key)
{
	if (!st)
		return PKT_TRAIT_KEYS;
	for (; key < PKT_TRAIT_KEYS; key++)
		if (st->out.set.len[key])
			break;
	return key;
}

/*
 * Answers the traits that are there, in key order. No answer can be empty, to the kernel a program
 * that sets optlen 0 has left the answer as it was: then there is one element of len 0.
 */
static __always_inline int dump_traits(struct bpf_sockopt *ctx, struct sock_traits *st)
{
	struct pkt_trait *t = ctx->optval;
	void *end = ctx->optval_end;
	__u32 key = 0, count = 0;

	if (!st || present_key(st, 0) >= PKT_TRAIT_KEYS) {
		if ((void *)(t + 1) > end)
			return -EINVAL;
		__builtin_memset(t, 0, sizeof(*t));
		ctx->optlen = sizeof(*t);
		return 0;
	}
	for (int i = 0; i < PKT_TRAIT_KEYS; i++, t++) {
		key = present_key(st, key);
		if (key >= PKT_TRAIT_KEYS || (void *)(t + 1) > end)
			break;
		*(__u64 *)t = 0;
		t->key = key++;
		get_element(t, st);
		count = i + 1;
	}
	if ((__u32)present_key(st, key) < PKT_TRAIT_KEYS || count * sizeof(*t) > (__u32)ctx->optlen)
		return -ENOSPC;
	ctx->optlen = count * sizeof(*t);
	return 0;
}

static __always_inline int get_traits(struct bpf_sockopt *ctx, struct bpf_sock *sk)
{
	struct pkt_trait *t = ctx->optval;
	void *end = ctx->optval_end;
	__s32 optlen = ctx->optlen;
	struct sock_traits *st;
	const void *asked;
	__u64 head;
	int known;

	if (optlen <= 0 || optlen > (__s32)sizeof(struct pkt_trait) * PKT_TRAIT_KEYS ||
	    optlen % sizeof(struct pkt_trait))
		return -EINVAL;
	known = caller_optval(ctx->level, ctx->optname, &asked);
	st = sock_traits(sk);
	if (st && disconnected(st, sk))
		st = 0;
	if (known && !bpf_probe_read_user(&head, sizeof(head), asked) && (head >> 8 & 0xff) == PKT_TRAIT_ANY_KEY)
		return dump_traits(ctx, st);
	for (int i = 0; i < PKT_TRAIT_KEYS; i++, t++) {
		if ((void *)(t + 1) > end)
			break;
		if (known && !bpf_probe_read_user(&head, sizeof(head), asked + i * sizeof(*t))) {
			*(__u64 *)t = head;
		} else {
			/* The one form that needs no input: all keys in order. */
			if (optlen != sizeof(struct pkt_trait) * PKT_TRAIT_KEYS)
				return known ? -EFAULT : -EINVAL;
			*(__u64 *)t = 0;
			t->key = i;
		}
		get_element(t, st);
	}
	return 0;
}

static __always_inline int get_int(struct bpf_sockopt *ctx, int value)
{
	int *out = ctx->optval;

	if ((void *)(out + 1) > ctx->optval_end || ctx->optlen < (__s32)sizeof(int))
		return -EINVAL;
	*out = value;
	ctx->optlen = sizeof(int);
	return 0;
}

#endif
