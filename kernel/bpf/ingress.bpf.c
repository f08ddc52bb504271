// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * On the ingress of a device: takes note of the traits that XDP gave to a SYN. Every packet goes
 * on as it came.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "store.bpf.h"
#include "syn_packet.bpf.h"
#include "xdp.bpf.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* Room to work in: packets are received with bottom halves off, one at a time on a CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct store);
} ingress_store SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DEVICE_COUNT_MAX);
	__type(key, __u32);
	__type(value, __u64);
} ingress_counts SEC(".maps");

static __always_inline void count(__u32 cause)
{
	__u64 *n = bpf_map_lookup_elem(&ingress_counts, &cause);

	if (n)
		__sync_fetch_and_add(n, 1);
}

SEC("tc")
int traits_ingress(struct __sk_buff *skb)
{
	struct syn_key key = { 0 };
	const __u32 zero = 0;
	struct store *store;
	int found;

	if (!syn_packet(skb, &key))
		return TC_ACT_UNSPEC;
	store = bpf_map_lookup_elem(&ingress_store, &zero);
	if (!store)
		return TC_ACT_UNSPEC;
	found = read_store(store, skb);
	if (found > 0 && !bpf_map_update_elem(&traits_xdp, &key, &store->set, BPF_ANY)) {
		count(DEVICE_COUNT_stores);
		return TC_ACT_UNSPEC;
	}
	if (found)
		count(found > 0 ? DEVICE_COUNT_no_memory : DEVICE_COUNT_malformed);
	/* What an earlier SYN with these numbers had is not this one's. */
	bpf_map_delete_elem(&traits_xdp, &key);
	return TC_ACT_UNSPEC;
}
