// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * XDP: puts the same bytes before every packet, whatever it is.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "meta.h"

char _license[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct meta);
} meta SEC(".maps");

struct plain_tcp {
	struct ethhdr eth;
	struct iphdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

SEC("xdp")
int meta_xdp(struct xdp_md *ctx)
{
	const __u32 zero = 0;
	struct meta *m = bpf_map_lookup_elem(&meta, &zero);
	struct plain_tcp *plain;
	void *packet;
	__u32 *word;

	if (!m || !m->size)
		return XDP_PASS;
	if (bpf_xdp_adjust_meta(ctx, -(int)m->size)) {
		__sync_fetch_and_add(&m->refused, 1);
		return XDP_PASS;
	}
	word = (void *)(long)ctx->data_meta;
	packet = (void *)(long)ctx->data;
	plain = packet;
	for (__u32 i = 0; i < META_WORDS_MAX; i++, word++) {
		if ((void *)(word + 1) > packet)
			break;
		*word = m->words[i];
		if (i && i == m->port && (void *)(plain + 1) <= (void *)(long)ctx->data_end)
			*word = bpf_ntohs(plain->tcp.source);
	}
	return XDP_PASS;
}
