/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tells the SYNs among the packets of a device, and what they are known by. Offsets are relative
 * to the network header, so devices without a link layer are no special case. The headers of a
 * packet that XDP has seen are in its linear part, which is all that is looked at.
 */
#ifndef TRAITS_SYN_PACKET_BPF_H
#define TRAITS_SYN_PACKET_BPF_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

#define IP_FRAGMENT 0x3fff /* more fragments, offset */
#define IPV6_HOPOPTS_HEADER 0
#define IPV6_ROUTING_HEADER 43
#define IPV6_DSTOPTS_HEADER 60
#define IPV6_HEADERS_MAX 8

static __always_inline int load_header(struct __sk_buff *skb, __u32 at, void *to, __u32 size)
{
	return bpf_skb_load_bytes_relative(skb, at, to, size, BPF_HDR_START_NET);
}

/* Both give the source address, and answer where the TCP header is; negative: there is none. */
static __always_inline int tcp_over_ipv4(struct __sk_buff *skb, __u32 *src)
{
	struct iphdr ip;

	if (load_header(skb, 0, &ip, sizeof(ip)) || ip.ihl < sizeof(ip) / 4 || ip.protocol != IPPROTO_TCP ||
	    ip.frag_off & bpf_htons(IP_FRAGMENT))
		return -EINVAL;
	src[2] = bpf_htonl(0xffff);
	src[3] = ip.saddr;
	return ip.ihl * 4;
}

static __always_inline int tcp_over_ipv6(struct __sk_buff *skb, __u32 *src)
{
	int at = sizeof(struct ipv6hdr);
	struct ipv6hdr ip;
	__u8 next, ext[2];

	if (load_header(skb, 0, &ip, sizeof(ip)))
		return -EINVAL;
	__builtin_memcpy(src, &ip.saddr, sizeof(ip.saddr));
	next = ip.nexthdr;
	for (int i = 0; i < IPV6_HEADERS_MAX; i++) {
		if (next != IPV6_HOPOPTS_HEADER && next != IPV6_ROUTING_HEADER && next != IPV6_DSTOPTS_HEADER)
			break;
		if (load_header(skb, at, ext, sizeof(ext)))
			return -EINVAL;
		next = ext[0];
		at += (ext[1] + 1) * 8;
	}
	return next == IPPROTO_TCP ? at : -EINVAL;
}

/* Fills a zeroed key; false if the packet is not a SYN, or an answer to one. */
static __always_inline int syn_packet(struct __sk_buff *skb, struct syn_key *key)
{
	struct tcphdr tcp;
	int at;

	if (skb->protocol == bpf_htons(ETH_P_IP))
		at = tcp_over_ipv4(skb, (__u32 *)key->src);
	else if (skb->protocol == bpf_htons(ETH_P_IPV6))
		at = tcp_over_ipv6(skb, (__u32 *)key->src);
	else
		return 0;
	if (at < 0 || load_header(skb, at, &tcp, sizeof(tcp)) || !tcp.syn || tcp.ack)
		return 0;
	key->isn = tcp.seq;
	key->port = tcp.source;
	return 1;
}

#endif
