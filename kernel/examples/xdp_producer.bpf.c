// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * XDP: gives each TCP SYN to one port one trait of 4 bytes. A real producer finds the value in the
 * packet, or by it in a map; the rest is the same.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../bpf/pkt_traits.h"
#include "xdp_producer.h"

char _license[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct producer);
} producer SEC(".maps");

/* The store of one 4-byte trait, as pkt_traits.h draws it. */
struct one_trait {
	__u64 high;
	__u64 low;
	__u32 value;
	struct pkt_trait_mark mark;
};

static __always_inline struct tcphdr *tcp_of(void *packet, void *end)
{
	struct ethhdr *eth = packet;
	struct iphdr *v4 = (void *)(eth + 1);
	struct ipv6hdr *v6 = (void *)(eth + 1);

	if ((void *)(v4 + 1) > end)
		return 0;
	if (eth->h_proto == bpf_htons(ETH_P_IP) && v4->protocol == IPPROTO_TCP)
		return (void *)v4 + v4->ihl * 4;
	if (eth->h_proto == bpf_htons(ETH_P_IPV6) && (void *)(v6 + 1) <= end && v6->nexthdr == IPPROTO_TCP)
		return (void *)(v6 + 1);
	return 0;
}

SEC("xdp")
int xdp_producer(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct tcphdr *tcp = tcp_of((void *)(long)ctx->data, end);
	const __u32 zero = 0;
	struct producer *p = bpf_map_lookup_elem(&producer, &zero);
	struct one_trait *store;

	if (!p || !tcp || (void *)(tcp + 1) > end || !tcp->syn || tcp->ack || tcp->dest != bpf_htons(p->port))
		return XDP_PASS;
	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*store)))
		return XDP_PASS; /* the driver has no metadata area */
	store = (void *)(long)ctx->data_meta;
	if ((void *)(store + 1) > (void *)(long)ctx->data)
		return XDP_PASS;
	*store = (struct one_trait){
		.high = 1ULL << (p->key & (PKT_TRAIT_KEYS - 1)),
		.value = p->value,
		.mark = { .size = sizeof(*store) - sizeof(store->mark), .layout = PKT_TRAIT_LAYOUT_RFC_V1,
			  .magic = { PKT_TRAIT_MAGIC0, PKT_TRAIT_MAGIC1 } },
	};
	return XDP_PASS;
}
