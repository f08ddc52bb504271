// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a script of trait helpers on each packet to one port, from XDP and from TC.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "script.h"

/* include/uapi/linux/bpf.h of the patched kernel */
static long (*bpf_skb_trait_set)(void *skb, __u64 key, const void *val, __u32 len, __u64 flags) = (void *)210;
static long (*bpf_skb_trait_get)(void *skb, __u64 key, void *val, __u32 len) = (void *)211;
static long (*bpf_skb_trait_del)(void *skb, __u64 key) = (void *)212;
static long (*bpf_xdp_trait_set)(void *xdp, __u64 key, const void *val, __u32 len, __u64 flags) = (void *)213;
static long (*bpf_xdp_trait_get)(void *xdp, __u64 key, void *val, __u32 len) = (void *)214;
static long (*bpf_xdp_trait_del)(void *xdp, __u64 key) = (void *)215;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct script);
} scripts SEC(".maps");

/* It goes to the script's port. */
static __always_inline int concerns(const struct script *script, void *data, void *end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1); /* TCP has its ports there, too */

	if ((void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5)
		return 0;
	return script->port == bpf_ntohs(udp->dest);
}

/* Back to where it came from. The sums of the headers stay as they are. */
static __always_inline void turn_round(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	__u8 mac[ETH_ALEN];
	__u32 address;

	if ((void *)(ip + 1) > (void *)(long)ctx->data_end)
		return;
	__builtin_memcpy(mac, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, mac, ETH_ALEN);
	address = ip->daddr;
	ip->daddr = ip->saddr;
	ip->saddr = address;
}

/* What `xdp` is the compiler knows, so that a program has only its own helpers. */
static __always_inline void run_step(struct step *step, void *ctx, bool xdp)
{
	__u32 len = ((step->len - 1) & 15) + 1; /* 1 to 16, as the verifier sees */

	switch (step->operation) {
	case SET:
		step->result = xdp ? bpf_xdp_trait_set(ctx, step->key, step->val, len, step->flags) :
				     bpf_skb_trait_set(ctx, step->key, step->val, len, step->flags);
		break;
	case GET:
		step->result = xdp ? bpf_xdp_trait_get(ctx, step->key, step->val, len) :
				     bpf_skb_trait_get(ctx, step->key, step->val, len);
		break;
	case DEL:
		step->result = xdp ? bpf_xdp_trait_del(ctx, step->key) : bpf_skb_trait_del(ctx, step->key);
		break;
	case ADJUST_META:
		step->result = xdp ? bpf_xdp_adjust_meta(ctx, -(int)step->len) : 0;
		break;
	case ADJUST_HEAD:
		step->result = xdp ? bpf_xdp_adjust_head(ctx, -(int)step->len) : 0;
		break;
	}
}

/* The script, if it was run; data and end are the packet. */
static __always_inline struct script *run_script(void *ctx, bool xdp, void *data, void *end)
{
	__u32 index = xdp ? 0 : 1;
	struct script *script = bpf_map_lookup_elem(&scripts, &index);

	if (!script || !concerns(script, data, end))
		return NULL;
	__sync_fetch_and_add(&script->runs, 1);
	for (int i = 0; i < STEPS && i < script->steps; i++)
		run_step(&script->step[i], ctx, xdp);
	return script;
}

SEC("xdp")
int xdp_script(struct xdp_md *ctx)
{
	struct script *script = run_script(ctx, true, (void *)(long)ctx->data, (void *)(long)ctx->data_end);

	if (!script)
		return XDP_PASS;
	if (script->verdict == XDP_TX)
		turn_round(ctx);
	return script->verdict;
}

SEC("tc")
int tc_script(struct __sk_buff *skb)
{
	run_script(skb, false, (void *)(long)skb->data, (void *)(long)skb->data_end);
	return TC_ACT_OK;
}

SEC("xdp")
int xdp_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
