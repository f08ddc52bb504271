/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A socket's two addresses as 128 bits, IPv4 as IPv4-mapped whatever the socket's family is.
 */
#ifndef TRAITS_ADDR_BPF_H
#define TRAITS_ADDR_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET6 10

/* Keeps the compiler from turning two loads from the context into one from a computed address. */
#define LOADED(x) asm volatile("" : "+r"(x))

/* Replaces the address by the mapped one if the connection is one of IPv4. */
static __always_inline void map_v4(struct bpf_sock_ops *ctx, __u32 v4, __u32 *v6)
{
	__u32 r0 = ctx->remote_ip6[0], r1 = ctx->remote_ip6[1], r2 = ctx->remote_ip6[2];

	if (ctx->family == AF_INET6 && (r0 || r1 || r2 != bpf_htonl(0xffff)))
		return;
	v6[0] = v6[1] = 0;
	v6[2] = bpf_htonl(0xffff);
	v6[3] = v4;
}

static __always_inline void sock_remote(struct bpf_sock_ops *ctx, __u32 *addr)
{
	__u32 v4 = ctx->remote_ip4, a = ctx->remote_ip6[0], b = ctx->remote_ip6[1];
	__u32 c = ctx->remote_ip6[2], d = ctx->remote_ip6[3];

	LOADED(v4);
	LOADED(a);
	LOADED(b);
	LOADED(c);
	LOADED(d);
	addr[0] = a;
	addr[1] = b;
	addr[2] = c;
	addr[3] = d;
	map_v4(ctx, v4, addr);
}

static __always_inline void sock_local(struct bpf_sock_ops *ctx, __u32 *addr)
{
	__u32 v4 = ctx->local_ip4, a = ctx->local_ip6[0], b = ctx->local_ip6[1];
	__u32 c = ctx->local_ip6[2], d = ctx->local_ip6[3];

	LOADED(v4);
	LOADED(a);
	LOADED(b);
	LOADED(c);
	LOADED(d);
	addr[0] = a;
	addr[1] = b;
	addr[2] = c;
	addr[3] = d;
	map_v4(ctx, v4, addr);
}

static __always_inline int addr_equal(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return x[0] == y[0] && x[1] == y[1];
}

#endif
