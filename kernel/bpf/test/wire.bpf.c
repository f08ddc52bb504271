// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * On the egress of lo: drops SYNs, or writes any bytes over the traits option in them, so that
 * shapes that no sane sender makes really arrive. The checksum of what stays on lo is not checked.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "wire.h"

#define IP_AT ETH_HLEN
#define IP_BYTES 20
#define TCP_AT (IP_AT + IP_BYTES)
#define TCP_BYTES 20
#define OPTIONS_AT (TCP_AT + TCP_BYTES)

char _license[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct wire);
} wire SEC(".maps");

SEC("tc")
int wire_egress(struct __sk_buff *skb)
{
	const __u32 zero = 0;
	struct wire *w = bpf_map_lookup_elem(&wire, &zero);
	__u8 head[2], first, byte;

	if (!w || skb->protocol != bpf_htons(ETH_P_IP) || bpf_skb_load_bytes(skb, IP_AT, &first, 1) || first != 0x45)
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, IP_AT + 9, &first, 1) || first != 6)
		return TC_ACT_OK;
	if (bpf_skb_load_bytes(skb, TCP_AT + 12, head, 2) || (head[1] & 0x12) != 0x02)
		return TC_ACT_OK;
	w->syns++;
	w->end = (head[0] >> 4) * 4 - TCP_BYTES;
	for (__u32 i = 0; i < WIRE_OPTION; i++) { /* our option comes last */
		__u32 bytes = 0;

		w->at = i;
		if (i + 4 > w->end || bpf_skb_load_bytes(skb, OPTIONS_AT + i, &bytes, 4))
			return TC_ACT_OK;
		if ((bytes & 0xffff00ff) == (254 | 'T' << 16 | (__u32)'R' << 24))
			break;
	}
	w->options++;
	for (__u32 i = 0; i < WIRE_OPTION; i++) {
		byte = 0;
		if (w->at + i < w->end)
			bpf_skb_load_bytes(skb, OPTIONS_AT + w->at + i, &byte, 1);
		w->seen[i] = byte;
	}
	if (w->drop) {
		w->drop--;
		return TC_ACT_SHOT;
	}
	for (__u32 i = 0; i < WIRE_OPTION; i++) {
		byte = i < w->replace ? w->option[i] : 1;
		if (w->replace && w->at + i < w->end)
			bpf_skb_store_bytes(skb, OPTIONS_AT + w->at + i, &byte, 1, 0);
	}
	return TC_ACT_OK;
}
