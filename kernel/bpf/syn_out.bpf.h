/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The SYN that is sent: its traits as an experimental TCP option, in full or as a ticket.
 */
#ifndef TRAITS_SYN_OUT_BPF_H
#define TRAITS_SYN_OUT_BPF_H

#include "addr.bpf.h"
#include "maps.bpf.h"
#include "set.bpf.h"
#include "siphash.h"
#include "syn_option.bpf.h"

static __always_inline void option_head(struct sock_traits *st)
{
	st->opt[0] = SYN_OPT_KIND;
	st->opt[2] = SYN_OPT_EXID0;
	st->opt[3] = SYN_OPT_EXID1;
}

static __always_inline void option_end(struct sock_traits *st, __u8 len)
{
	st->opt[1] = len;
	st->opt_len = len;
}

__noinline int encode_key(struct sock_traits *st, __u32 key)
{
	__u32 o, len, size;
	__u64 w0, w1;

	if (!st)
		return -EINVAL;
	o = st->opt_len;
	len = trait_get(&st->out.set, key, &w0, &w1);
	size = trait_size(len);
	if (!len)
		return 0;
	if (o + 2 + size > TRAITS_OPT_MAX_OUT)
		return -ENOSPC;
	st->opt[o] = key;
	st->opt[o + 1] = size;
	*(__u64 *)(st->opt + o + 2) = w0;
	*(__u64 *)(st->opt + o + 10) = w1;
	st->opt_len = o + 2 + size;
	return 0;
}

static __always_inline int encode_inline(struct sock_traits *st)
{
	option_head(st);
	st->opt_len = TRAITS_OPT_HEAD;
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		if (encode_key(st, key))
			return -ENOSPC;
	option_end(st, st->opt_len);
	return 0;
}

static __always_inline int encode_ticket(struct sock_traits *st)
{
	__u32 zero = 0;
	struct ticket_secret *secret = bpf_map_lookup_elem(&traits_secret, &zero);

	if (!secret)
		return -ENOENT;
	st->ticket = siphash_u64(secret->k0, secret->k1, __sync_fetch_and_add(&secret->counter, 1));
	option_head(st);
	st->opt[4] = TRAITS_KEY_TICKET;
	st->opt[5] = 8;
	*(__u64 *)(st->opt + 6) = st->ticket;
	option_end(st, TRAITS_OPT_TICKET);
	st->opt_ticket = 1;
	return 0;
}

static __always_inline void elide(struct sock_traits *st)
{
	st->opt_len = 0;
	count(COUNT_elided);
}

static __always_inline int is_syn(struct bpf_sock_ops *ctx)
{
	return (ctx->skb_tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_ACK)) == TCP_FLAG_SYN;
}

static __always_inline void syn_out_connect(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *sk = ctx->sk;
	struct sock_traits *st;

	if (!sk)
		return;
	st = sock_traits(sk);
	if (!st)
		return;
	if (st->connected) /* and disconnected since, or there would be no second connect */
		__builtin_memset(&st->out.set, 0, sizeof(st->out.set));
	st->connected = 1;
	st->opt_len = st->opt_ticket = st->counted = st->write_cb = 0;
	if (encode_inline(st) && encode_ticket(st)) {
		elide(st);
		return;
	}
	if (st->opt_len == TRAITS_OPT_HEAD)
		st->opt_len = 0;
	if (st->opt_len && !(ctx->bpf_sock_ops_cb_flags & BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG)) {
		bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
		st->write_cb = 1;
	}
}

static __always_inline struct sock_traits *to_be_sent(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *sk = ctx->sk;
	struct sock_traits *st;

	if (!sk || !is_syn(ctx))
		return 0;
	st = sock_traits(sk);
	return st && st->opt_len ? st : 0;
}

static __always_inline void syn_out_reserve(struct bpf_sock_ops *ctx)
{
	struct sock_traits *st = to_be_sent(ctx);

	if (!st || !bpf_reserve_hdr_opt(ctx, st->opt_len, 0))
		return;
	/* Another option (Fast Open, MD5) took the room of a long one; a ticket may still fit. */
	if (!st->opt_ticket && st->opt_len > TRAITS_OPT_TICKET && !encode_ticket(st) &&
	    !bpf_reserve_hdr_opt(ctx, TRAITS_OPT_TICKET, 0))
		return;
	elide(st);
}

static __always_inline void syn_out_write(struct bpf_sock_ops *ctx)
{
	struct sock_traits *st = to_be_sent(ctx);
	__u32 len;

	if (!st)
		return;
	if (st->opt_ticket) {
		sock_local(ctx, (__u32 *)st->out.src);
		sock_remote(ctx, (__u32 *)st->out.dst);
		if (bpf_map_update_elem(&traits_tickets, &st->ticket, &st->out, BPF_ANY)) {
			elide(st);
			return;
		}
	}
	len = st->opt_len;
	if (len < TRAITS_OPT_HEAD || len > TRAITS_OPT_MAX_OUT)
		return;
	if (bpf_store_hdr_opt(ctx, st->opt, len, 0)) {
		elide(st);
		return;
	}
	if (!st->counted)
		count(st->opt_ticket ? COUNT_sent_ticket : COUNT_sent_inline);
	st->counted = 1;
}

/* From here on the connection's segments are the kernel's alone. */
static __always_inline void syn_out_established(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *sk = ctx->sk;
	struct sock_traits *st;

	if (!sk)
		return;
	st = sock_traits(sk);
	if (!st || !st->write_cb)
		return;
	bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags & ~BPF_SOCK_OPS_WRITE_HDR_OPT_CB_FLAG);
	st->write_cb = 0;
}

#endif
