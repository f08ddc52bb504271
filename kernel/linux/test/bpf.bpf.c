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

/* The source or destination port is the script's. */
static __always_inline int concerns(const struct script *script, void *data, void *end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1); /* TCP has its ports there, too */

	if ((void *)(udp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5)
		return 0;
	return script->port == bpf_ntohs(udp->dest);
}

SEC("xdp")
int xdp_script(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct script *script = bpf_map_lookup_elem(&scripts, &zero);

	if (!script || !concerns(script, (void *)(long)ctx->data, (void *)(long)ctx->data_end))
		return XDP_PASS;
	__sync_fetch_and_add(&script->runs, 1);
	for (int i = 0; i < STEPS && i < script->steps; i++) {
		struct step *step = &script->step[i];
		__u32 len = step->len;

		if (len < 1 || len > sizeof(step->val))
			len = 1;
		switch (step->operation) {
		case SET:
			step->result = bpf_xdp_trait_set(ctx, step->key, step->val, len, step->flags);
			break;
		case GET:
			step->result = bpf_xdp_trait_get(ctx, step->key, step->val, len);
			break;
		case DEL:
			step->result = bpf_xdp_trait_del(ctx, step->key);
			break;
		case ADJUST_META:
			step->result = bpf_xdp_adjust_meta(ctx, -(int)step->len);
			break;
		case ADJUST_HEAD:
			step->result = bpf_xdp_adjust_head(ctx, -(int)step->len);
			break;
		}
	}
	return script->verdict;
}

SEC("tc")
int tc_script(struct __sk_buff *skb)
{
	__u32 one = 1;
	struct script *script = bpf_map_lookup_elem(&scripts, &one);

	if (!script || !concerns(script, (void *)(long)skb->data, (void *)(long)skb->data_end))
		return TC_ACT_OK;
	__sync_fetch_and_add(&script->runs, 1);
	for (int i = 0; i < STEPS && i < script->steps; i++) {
		struct step *step = &script->step[i];
		__u32 len = step->len;

		if (len < 1 || len > sizeof(step->val))
			len = 1;
		switch (step->operation) {
		case SET:
			step->result = bpf_skb_trait_set(skb, step->key, step->val, len, step->flags);
			break;
		case GET:
			step->result = bpf_skb_trait_get(skb, step->key, step->val, len);
			break;
		case DEL:
			step->result = bpf_skb_trait_del(skb, step->key);
			break;
		}
	}
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
