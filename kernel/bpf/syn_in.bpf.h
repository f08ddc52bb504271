/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The SYN of an accepted connection: what XDP gave to it or else its option is put into the
 * accepted socket. Whatever is wrong with it, the connection is served.
 */
#ifndef TRAITS_SYN_IN_BPF_H
#define TRAITS_SYN_IN_BPF_H

#include "addr.bpf.h"
#include "maps.bpf.h"
#include "set.bpf.h"
#include "sockopt.bpf.h"
#include "syn_option.bpf.h"
#include "xdp.bpf.h"

/* An application may have set TCP_SAVE_SYN back since it asked for traits. */
static __always_inline void syn_in_listen(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *sk = ctx->sk;
	struct sock_save *save;
	int syn = 0;

	if (!sk)
		return;
	save = bpf_sk_storage_get(&traits_saves, sk, 0, 0);
	if (!save || !save->save || bpf_getsockopt(ctx, SOL_TCP, TCP_SAVE_SYN, &syn, sizeof(syn)) || syn)
		return;
	syn = 1;
	save->save_syn = !bpf_setsockopt(ctx, SOL_TCP, TCP_SAVE_SYN, &syn, sizeof(syn));
}

/* A walk over the options of a SYN; what it knows is kept here, unseen by the verifier. */
struct syn_walk {
	__u8 syn[TCP_HEAD_MAX + 4];
	__u32 end;
	__u32 at;
	__u32 found;
	__u32 foreign;
};

/* Steps over one option. Returns 0 if there may be more, 1 at the end, -EINVAL if it is malformed. */
__noinline int walk_option(struct syn_walk *w)
{
	__u32 o, kind, len;

	if (!w)
		return -EINVAL;
	o = w->at;
	if (o >= w->end || o >= TCP_HEAD_MAX)
		return 1;
	kind = w->syn[o];
	if (kind == TCPOPT_EOL)
		return 1;
	if (kind == TCPOPT_NOP) {
		w->at = o + 1;
		return 0;
	}
	len = w->syn[o + 1];
	if (len < 2 || o + len > w->end)
		return -EINVAL;
	if (kind == SYN_OPT_KIND) {
		if (len < TRAITS_OPT_HEAD || w->syn[o + 2] != SYN_OPT_EXID0 || w->syn[o + 3] != SYN_OPT_EXID1)
			w->foreign = 1;
		else if (w->found)
			return -EINVAL;
		else
			w->found = 1;
	}
	w->at = o + len;
	return 0;
}

/*
 * Looks for our option in the TCP header of a SYN. Returns 1 if it is there, 0 if not, -EINVAL if
 * any option is malformed or ours is there twice, -EPROTO for somebody else's ExID.
 */
static __always_inline int find_option(struct syn_walk *w)
{
	for (int i = 0; i <= TCP_HEAD_MAX - TCP_HEAD; i++) {
		int end = walk_option(w);

		if (end < 0)
			return -EINVAL;
		if (end)
			break;
	}
	if (w->found)
		return 1;
	return w->foreign ? -EPROTO : 0;
}

/* Adds one TLV to the socket's set. Returns 0 if there may be more, 1 at the end, else -EINVAL. */
__noinline int parse_tlv(struct sock_traits *st, __u32 end)
{
	__u32 o, key, size;
	__u64 *w;

	if (!st)
		return -EINVAL;
	o = st->opt_len;
	if (o == end)
		return o == TRAITS_OPT_HEAD ? -EINVAL : 1;
	if (o + 2 > end || o + 2 > TRAITS_OPT_MAX_IN)
		return -EINVAL;
	key = st->opt[o];
	size = st->opt[o + 1];
	if (key >= PKT_TRAIT_KEYS || key < st->next_key || size > 16 || (size && !trait_len_ok(size)) ||
	    o + 2 + size > end)
		return -EINVAL;
	w = (__u64 *)(st->opt + o + 2);
	if (trait_put(&st->out.set, key, size ? size : PKT_TRAIT_FLAG, w[0], w[1]))
		return -EINVAL;
	st->next_key = key + 1;
	st->opt_len = o + 2 + size;
	return 0;
}

static __always_inline int parse_inline(struct sock_traits *st, __u32 end)
{
	st->opt_len = TRAITS_OPT_HEAD;
	st->next_key = 0;
	for (int i = 0; i <= TRAITS_OPT_MAX_IN / 2; i++) {
		int done = parse_tlv(st, end);

		if (done)
			return done < 0 ? -EINVAL : 0;
	}
	return -EINVAL;
}

static __always_inline int trusted(struct bpf_sock_ops *ctx)
{
	struct trust_key key = { .prefixlen = 128 };

	sock_remote(ctx, (__u32 *)key.addr);
	return bpf_map_lookup_elem(&traits_trust, &key) != 0;
}

/*
 * Whoever the sender connected to has seen the ticket, and may be on another host. It is worth
 * something only on a connection from where the sender was or to where it went: network address
 * translation may change one of the two, and nobody outside can forge either.
 */
static __always_inline int same_path(struct bpf_sock_ops *ctx, const struct waiting_set *w)
{
	__u64 addr[2];

	sock_remote(ctx, (__u32 *)addr);
	if (addr_equal(addr, w->src))
		return 1;
	sock_local(ctx, (__u32 *)addr);
	return addr_equal(addr, w->dst);
}

/*
 * Takes the waiting set out. The hash reuses the memory of what it evicts at once: a copy is good
 * only if the ticket is still found in the same place after it was made.
 */
static __always_inline int take_ticket(struct bpf_sock_ops *ctx, struct sock_traits *st)
{
	__u64 ticket = *(__u64 *)(st->opt + TRAITS_OPT_HEAD + 2);

	for (int i = 0; i < 3; i++) {
		struct waiting_set *w = bpf_map_lookup_elem(&traits_tickets, &ticket);

		if (!w)
			return -ENOENT;
		__builtin_memcpy(&st->out, w, sizeof(st->out));
		if (bpf_map_lookup_elem(&traits_tickets, &ticket) != w)
			continue;
		if (!same_path(ctx, &st->out) && !trusted(ctx))
			return -EACCES;
		bpf_map_delete_elem(&traits_tickets, &ticket);
		return 0;
	}
	return -ENOENT;
}

static __always_inline __u32 receive(struct bpf_sock_ops *ctx, struct sock_traits *st)
{
	int len, error;

	st->opt[0] = SYN_OPT_KIND;
	st->opt[1] = TRAITS_OPT_HEAD;
	st->opt[2] = SYN_OPT_EXID0;
	st->opt[3] = SYN_OPT_EXID1;
	len = bpf_load_hdr_opt(ctx, st->opt, TRAITS_OPT_MAX_IN, BPF_LOAD_HDR_OPT_TCP_SYN);
	if (len < TRAITS_OPT_HEAD || len > TRAITS_OPT_MAX_IN)
		return COUNT_malformed;
	if (len == TRAITS_OPT_TICKET && st->opt[4] == TRAITS_KEY_TICKET && st->opt[5] == 8) {
		error = take_ticket(ctx, st);
		return error == -EACCES ? COUNT_untrusted : error ? COUNT_unknown_ticket : COUNT_received_ticket;
	}
	if (parse_inline(st, len))
		return COUNT_malformed;
	return trusted(ctx) ? COUNT_received_inline : COUNT_untrusted;
}

/* Takes out what XDP gave to this SYN; copied as a ticket's set is. */
static __always_inline int take_xdp(const struct syn_key *key, struct sock_traits *st)
{
	for (int i = 0; i < 3; i++) {
		struct trait_set *set = bpf_map_lookup_elem(&traits_xdp, key);

		if (!set)
			return -ENOENT;
		__builtin_memcpy(&st->out.set, set, sizeof(st->out.set));
		if (bpf_map_lookup_elem(&traits_xdp, key) != set)
			continue;
		bpf_map_delete_elem(&traits_xdp, key);
		return 0;
	}
	return -ENOENT;
}

static __always_inline void syn_in_established(struct bpf_sock_ops *ctx)
{
	struct syn_walk walk = { .at = TCP_HEAD };
	struct bpf_sock *sk = ctx->sk;
	struct syn_key key = { 0 };
	struct sock_save *save;
	struct sock_traits *st;
	__u32 cause;
	int n, xdp;

	if (!sk)
		return;
	save = bpf_sk_storage_get(&traits_saves, sk, 0, 0);
	if (!save || !save->save)
		return;
	n = bpf_getsockopt(ctx, SOL_TCP, TCP_BPF_SYN, walk.syn, TCP_HEAD_MAX);
	if (n < TCP_HEAD || n > TCP_HEAD_MAX) {
		count(COUNT_no_syn);
		return;
	}
	walk.end = n;
	sock_remote(ctx, (__u32 *)key.src);
	key.port = *(__u16 *)(walk.syn + TCP_SOURCE);
	key.isn = *(__u32 *)(walk.syn + TCP_SEQ);
	xdp = bpf_map_lookup_elem(&traits_xdp, &key) != 0;
	if (!xdp) {
		n = find_option(&walk);
		if (n <= 0) {
			if (n)
				count(n == -EPROTO ? COUNT_foreign : COUNT_malformed);
			return;
		}
	}
	st = bpf_sk_storage_get(&traits_socks, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!st) {
		count(COUNT_no_memory);
		return;
	}
	if (xdp)
		cause = take_xdp(&key, st) ? COUNT_lost_xdp : COUNT_received_xdp;
	else
		cause = receive(ctx, st);
	st->opt_len = 0;
	st->connected = 1;
	count(cause);
	if (cause != COUNT_received_inline && cause != COUNT_received_ticket && cause != COUNT_received_xdp)
		bpf_sk_storage_delete(&traits_socks, sk);
}

#endif
