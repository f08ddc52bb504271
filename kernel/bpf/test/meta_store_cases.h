/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stores that arrive: layouts, address families, headers before TCP, and against what the wire says.
 */
#ifndef META_STORE_CASES_H
#define META_STORE_CASES_H

#include "meta_device.h"

/* A value of each size, at the lowest and the highest key and between them. */
static const __u8 v1_store[] = {
	0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x80, /* high: keys 33 (4), 63 (8) */
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, /* low: keys 0 (2), 63 (8) */
	0xa0, 0xb1, 0xa0, 0xb1, 0xc2, 0xd3, 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
	0x00, 0x00, 32, V1, 'T', 'R',
};
static const __u8 v2_store[] = {
	0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x80,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80,
	0xa0, 0xb1, 0xc2, 0xd3, 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
	28, V2, 'T', 'R',
};
static const __u8 talk_store[] = {
	0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x80,
	0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80,
	0xa0, 0xb1, 0xc2, 0xd3, 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
	0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27, 0x38, 0x49, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf,
	44, TALK, 'T', 'R',
};

static void v1_traits(struct pkt_trait t[3])
{
	t[0] = trait(0, 2, value);
	t[1] = trait(33, 4, value);
	t[2] = trait(63, 8, value);
}

static void store_is_delivered(const char *on, const char *to)
{
	const uint64_t received = counter(counters_map, COUNT_received_xdp);
	const uint64_t stores = counter(device_map, DEVICE_COUNT_stores);
	struct pkt_trait expected[3];

	v1_traits(expected);
	meta_set(v1_store, sizeof(v1_store), 0);
	check_traits(accepted_by(on, to, client_socket(address_of(to, 0).any.sa_family)), expected, 3);
	CHECK(counter(counters_map, COUNT_received_xdp) == received + 1);
	CHECK(counter(device_map, DEVICE_COUNT_stores) == stores + 1);
	CHECK(meta_refused() == 0);
}

static void store_of_rfc_v2_is_delivered(void)
{
	meta_set(v2_store, sizeof(v2_store), 0);
	check_traits(accepted(), (struct pkt_trait[]){ trait(0, PKT_TRAIT_FLAG, NULL), trait(33, 4, value),
						       trait(63, 8, value) }, 3);
}

static void store_of_the_talk_is_delivered(void)
{
	meta_set(talk_store, sizeof(talk_store), 0);
	check_traits(accepted(), (struct pkt_trait[]){ trait(0, 4, value), trait(33, 8, value),
						       trait(63, 16, value) }, 3);
}

/* `count` values of 8 bytes from key 0 on. */
static size_t make_store(__u8 *bytes, int count)
{
	const __u64 keys = (1ULL << count) - 1;
	const struct pkt_trait_mark mark = { 16 + count * 8, V1, { 'T', 'R' } };

	memcpy(bytes, &keys, 8);
	memcpy(bytes + 8, &keys, 8);
	for (int i = 0; i < count; i++)
		memset(bytes + 16 + i * 8, i + 1, 8);
	memcpy(bytes + mark.size, &mark, sizeof(mark));
	return mark.size + sizeof(mark);
}

static void store_of_192_bytes_is_delivered(void)
{
	struct pkt_trait expected[24];
	__u8 bytes[256], val[8];

	for (int i = 0; i < 24; i++) {
		memset(val, i + 1, 8);
		expected[i] = trait(i, 8, val);
	}
	meta_set(bytes, make_store(bytes, 24), 0);
	check_traits(accepted(), expected, 24);
	CHECK(meta_refused() == 0);
}

static void metadata_before_the_store_is_left_alone(void)
{
	__u8 bytes[8 + sizeof(v1_store)] = { 'T', 'R', 1, 2, 3, 4, 'T', 'R' };
	struct pkt_trait expected[3];

	v1_traits(expected);
	memcpy(bytes + 8, v1_store, sizeof(v1_store));
	meta_set(bytes, sizeof(bytes), 0);
	check_traits(accepted(), expected, 3);
}

static void headers_before_tcp(int level, int option, const void *header, size_t size)
{
	const char *at = level == IPPROTO_IP ? "10.8.0.2" : "fd08::2";
	const int client = client_socket(level == IPPROTO_IP ? AF_INET : AF_INET6);
	struct pkt_trait expected[3];

	v1_traits(expected);
	meta_set(v1_store, sizeof(v1_store), 0);
	MUST(setsockopt(client, level, option, header, size));
	if (option == IPV6_DSTOPTS) /* and both of them */
		MUST(setsockopt(client, level, IPV6_HOPOPTS, header, size));
	check_traits(accepted_by(at, at, client), expected, 3);
}

static const __u8 ip_options[8] = { 1, 1, 1, 1, 1, 1, 1, 0 };
static const __u8 ip_options_40[40] = { 1, 1, 1, 1 };
static const __u8 ipv6_options[16] = { 0, 1, 1, 4, 0, 0, 0, 0, 0x1e, 6, 1, 2, 3, 4, 5, 6 }; /* PadN, an unknown one */

static void no_store_no_traits(void)
{
	meta_set(NULL, 0, 0);
	check_traits(accepted(), NULL, 0);
}

static void set_wire(int client, int count)
{
	const struct pkt_trait t[2] = { trait(4, 4, value), trait(9, 16, value) };

	CHECK(set_traits(client, &n, t, count) == 0);
}

static void wire_option_without_a_store_is_delivered(void)
{
	const int client = client_socket(AF_INET);

	meta_set(NULL, 0, 0);
	set_wire(client, 1);
	check_traits(accepted_by("10.8.0.2", "10.8.0.2", client), (struct pkt_trait[]){ trait(4, 4, value) }, 1);
}

/* One trait is sent inline, two are by ticket. */
static void store_wins_over_the_wire(int count)
{
	const int client = client_socket(AF_INET);
	struct pkt_trait expected[3];

	v1_traits(expected);
	meta_set(v1_store, sizeof(v1_store), 0);
	set_wire(client, count);
	check_traits(accepted_by("10.8.0.2", "10.8.0.2", client), expected, 3);
}

static void empty_store_wins_over_the_wire(void)
{
	const __u8 empty[20] = { [16] = 16, V1, 'T', 'R' };
	const int client = client_socket(AF_INET);
	const uint64_t received = counter(counters_map, COUNT_received_xdp);

	meta_set(empty, sizeof(empty), 0);
	set_wire(client, 1);
	check_traits(accepted_by("10.8.0.2", "10.8.0.2", client), NULL, 0);
	CHECK(counter(counters_map, COUNT_received_xdp) == received + 1);
}

#endif
