// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The TCP half of the packet traits socket API, for every process in a cgroup v2 directory.
 */
#include <linux/errno.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "sockopt.bpf.h"
#include "syn_in.bpf.h"
#include "syn_out.bpf.h"

char _license[] SEC("license") = "Dual BSD/GPL";

SEC("cgroup/setsockopt")
int traits_setsockopt(struct bpf_sockopt *ctx)
{
	struct bpf_sock *sk;
	int error;

	if (ctx->level != SOL_TCP || (ctx->optname & ~3) != TRAITS_ABI)
		return not_ours(ctx);
	sk = ctx->sk;
	if (!sk || sk->protocol != IPPROTO_TCP)
		return not_ours(ctx);
	if (ctx->optname == TCP_SYN_TRAITS) {
		error = set_traits(ctx, sk);
		count(error ? COUNT_set_errors : COUNT_sets);
	} else if (ctx->optname == TCP_SAVE_SYN_TRAITS) {
		error = set_save(ctx, sk);
	} else {
		return not_ours(ctx);
	}
	if (error)
		return refuse(error);
	ctx->optlen = -1; /* done: the kernel's own handler is not asked */
	return PASS;
}

SEC("cgroup/getsockopt")
int traits_getsockopt(struct bpf_sockopt *ctx)
{
	struct bpf_sock *sk;
	struct sock_save *save;
	int error;

	if (ctx->level != SOL_TCP || (ctx->optname & ~3) != TRAITS_ABI)
		return not_ours(ctx);
	sk = ctx->sk;
	if (!sk || sk->protocol != IPPROTO_TCP)
		return not_ours(ctx);
	if (ctx->optname == TCP_SYN_TRAITS) {
		error = get_traits(ctx, sk);
		count(error ? COUNT_get_errors : COUNT_gets);
	} else if (ctx->optname == TCP_SAVE_SYN_TRAITS) {
		save = bpf_sk_storage_get(&traits_saves, sk, 0, 0);
		error = get_int(ctx, save ? save->save : 0);
	} else if (ctx->optname == TRAITS_ABI) {
		error = get_int(ctx, TRAITS_ABI_VERSION);
	} else {
		return not_ours(ctx);
	}
	ctx->retval = error;
	return PASS;
}

SEC("sockops")
int traits_sockops(struct bpf_sock_ops *ctx)
{
	switch (ctx->op) {
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		syn_in_listen(ctx);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		syn_in_established(ctx);
		break;
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
		syn_out_connect(ctx);
		break;
	case BPF_SOCK_OPS_HDR_OPT_LEN_CB:
		syn_out_reserve(ctx);
		break;
	case BPF_SOCK_OPS_WRITE_HDR_OPT_CB:
		syn_out_write(ctx);
		break;
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		syn_out_established(ctx);
		break;
	}
	return PASS;
}
