/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SCM_PKT_TRAITS on recvmsg.
 */
#ifndef UDP_RECEIVE_CASES_H
#define UDP_RECEIVE_CASES_H

#include "udp.h"

static void datagram_brings_what_was_sent(const char *listen_on, const char *send_to)
{
	struct udp u = udp_between(listen_on, send_to);
	const struct datagram *d;

	NEED(send_traits(u.out, &u.at, "payload", three, 3) == 7);
	d = receive(u.in);
	CHECK(says(d, "payload") && brings(d, three, 3));
	close_udp(&u);
}

static void datagram_without_traits_brings_no_message(void)
{
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_plain(u.out, &u.at, "plain") == 5);
	d = receive(u.in);
	CHECK(says(d, "plain") && brings_none(d));
	close_udp(&u);
}

static void traits_do_not_stick_to_the_socket(void)
{
	const struct pkt_trait other = trait(9, 2, bytes);
	struct udp u = udp();

	NEED(send_traits(u.out, &u.at, "1", three, 3) == 1);
	NEED(send_plain(u.out, &u.at, "2") == 1);
	NEED(send_traits(u.out, &u.at, "3", &other, 1) == 1);
	CHECK(brings(receive(u.in), three, 3));
	CHECK(brings_none(receive(u.in)));
	CHECK(brings(receive(u.in), &other, 1));
	close_udp(&u);
}

static void message_is_an_array_in_key_order(void)
{
	const struct pkt_trait set[] = { trait(60, 2, bytes), trait(1, 8, bytes), trait(30, 4, bytes) };
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_traits(u.out, &u.at, "x", set, 3) == 1);
	d = receive(u.in);
	CHECK(d->messages == 1 && d->raw_len == sizeof(three) && !memcmp(d->raw, three, sizeof(three)));
	close_udp(&u);
}

static void message_is_the_raw_store(void)
{
	const struct pkt_trait set[] = { trait(60, 2, bytes), trait(1, 8, bytes + 8), trait(30, 4, bytes + 4) };
	const __u64 high = 1ULL << 30 | 1ULL << 1, low = 1ULL << 60 | 1ULL << 1;
	struct udp u = udp();
	const struct datagram *d;
	__u8 expected[30];

	memcpy(expected, &high, 8);
	memcpy(expected + 8, &low, 8);
	memcpy(expected + 16, bytes + 8, 8);
	memcpy(expected + 24, bytes + 4, 4);
	memcpy(expected + 28, bytes, 2);
	NEED(send_traits(u.out, &u.at, "x", set, 3) == 1);
	d = receive(u.in);
	CHECK(d->messages == 1 && d->raw_len == sizeof(expected) && !memcmp(d->raw, expected, sizeof(expected)));
	close_udp(&u);
}

static void datagram_value_of_each_size(int len)
{
	const struct pkt_trait set = trait(33, len, bytes);
	struct udp u = udp();

	if (len == 16 && store) {
		CHECK_ERRNO(send_traits(u.out, &u.at, "x", &set, 1), EINVAL);
		CHECK(nothing_was_sent(&u));
	} else {
		NEED(send_traits(u.out, &u.at, "x", &set, 1) == 1);
		CHECK(brings(receive(u.in), &set, 1));
	}
	close_udp(&u);
}

static void datagram_of_64_keys_and_200_bytes(const char *at)
{
	struct pkt_trait set[PKT_TRAIT_KEYS];
	struct udp u = udp_at(at);

	full_set(set);
	NEED(send_traits(u.out, &u.at, "x", set, PKT_TRAIT_KEYS) == 1);
	CHECK(brings(receive(u.in), set, PKT_TRAIT_KEYS));
	close_udp(&u);
}

static void datagram_bytes_behind_the_value_are_zero(void)
{
	const struct pkt_trait expected = trait(5, 2, bytes);
	struct pkt_trait set = trait(5, 16, bytes);
	struct udp u = udp();

	set.len = 2;
	NEED(send_traits(u.out, &u.at, "x", &set, 1) == 1);
	CHECK(brings(receive(u.in), &expected, 1));
	close_udp(&u);
}

static void empty_datagram_brings_traits(void)
{
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_traits(u.out, &u.at, "", three, 3) == 0);
	d = receive(u.in);
	CHECK(d->len == 0 && brings(d, three, 3));
	close_udp(&u);
}

static void largest_datagram_brings_traits(void)
{
	static char payload[65507];
	struct control c = { 0 };
	struct udp u = udp();
	const struct datagram *d;

	payload[65506] = 'x';
	control_traits(&c, three, 3);
	NEED(send_control(u.out, &u.at, payload, sizeof(payload), &c, 0) == sizeof(payload));
	d = receive(u.in);
	CHECK(d->len == sizeof(payload) && d->payload[65506] == 'x' && brings(d, three, 3));
	close_udp(&u);
}

static size_t message_len(size_t traits)
{
	/* The store of `three` is 16 bytes of words and 14 of values. */
	return CMSG_LEN(store ? 30 : traits * sizeof(struct pkt_trait));
}

static void message_that_just_fits_is_whole(void)
{
	struct udp u = udp();

	NEED(send_traits(u.out, &u.at, "x", three, 3) == 1);
	CHECK(brings(receive_in(u.in, 0, message_len(3)), three, 3));
	close_udp(&u);
}

static void message_that_does_not_fit_is_told(size_t room)
{
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_traits(u.out, &u.at, "x", three, 3) == 1);
	NEED(send_traits(u.out, &u.at, "y", three, 3) == 1);
	d = receive_in(u.in, 0, room);
	CHECK(says(d, "x") && d->flags & MSG_CTRUNC);
	CHECK(d->messages == (room >= sizeof(struct cmsghdr)) && d->raw_len < message_len(3) - CMSG_LEN(0));
	d = receive(u.in);
	CHECK(says(d, "y") && brings(d, three, 3));
	close_udp(&u);
}

static void receive_without_control_room_has_the_payload(void)
{
	struct udp u = udp();
	char byte;

	NEED(send_traits(u.out, &u.at, "x", three, 3) == 1);
	CHECK(recv(u.in, &byte, 1, 0) == 1 && byte == 'x');
	close_udp(&u);
}

static void no_traits_truncate_nothing(void)
{
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_plain(u.out, &u.at, "x") == 1);
	d = receive_in(u.in, 0, 0);
	CHECK(says(d, "x") && brings_none(d));
	close_udp(&u);
}

static void peek_brings_them_too(void)
{
	struct udp u = udp();

	NEED(send_traits(u.out, &u.at, "x", three, 3) == 1);
	for (int i = 0; i < 3; i++)
		CHECK(brings(receive_in(u.in, MSG_PEEK, ROOM), three, 3));
	CHECK(brings(receive(u.in), three, 3));
	close_udp(&u);
}

static void truncated_payload_brings_them_too(void)
{
	struct udp u = udp();
	char byte;
	static _Alignas(struct cmsghdr) __u8 control[ROOM];
	struct iovec data = { &byte, 1 };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = ROOM };
	struct datagram d = { 0 };

	NEED(send_traits(u.out, &u.at, "payload", three, 3) == 7);
	CHECK(recvmsg(u.in, &m, 0) == 1);
	decode(&d, &m);
	CHECK(d.flags & MSG_TRUNC && brings(&d, three, 3));
	close_udp(&u);
}

static void they_come_beside_other_messages(void)
{
	const int on = 1;
	struct udp u = udp_between("::", "127.0.0.1");
	const struct datagram *d;

	MUST(setsockopt(u.in, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on)));
	MUST(setsockopt(u.in, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)));
	MUST(setsockopt(u.in, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)));
	NEED(send_traits(u.out, &u.at, "x", three, 3) == 1);
	d = receive(u.in);
	CHECK(says(d, "x") && brings(d, three, 3));
	close_udp(&u);
}

static void what_was_received_can_be_sent_unchanged(void)
{
	struct pkt_trait set[8];
	const size_t count = every_size(set);
	struct udp first = udp(), second = udp();
	const struct datagram *d;

	NEED(send_traits(first.out, &first.at, "x", set, count) == 1);
	d = receive(first.in);
	CHECK(brings(d, set, count));
	NEED(send_traits(second.out, &second.at, "y", d->traits, d->count) == 1);
	CHECK(brings(receive(second.in), set, count));
	close_udp(&first);
	close_udp(&second);
}

static void recvmmsg_gives_each_its_own(void)
{
	static struct datagram got[4];
	static _Alignas(struct cmsghdr) __u8 control[4][ROOM];
	struct mmsghdr messages[4] = { 0 };
	struct iovec data[4];
	struct udp u = udp();

	for (int i = 0; i < 4; i++) {
		const struct pkt_trait set = trait(10 + i, 4, bytes + i);

		data[i] = (struct iovec){ got[i].payload, sizeof(got[i].payload) };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &data[i], .msg_iovlen = 1,
						       .msg_control = control[i], .msg_controllen = ROOM };
		NEED((i == 2 ? send_plain(u.out, &u.at, "x") : send_traits(u.out, &u.at, "x", &set, 1)) == 1);
	}
	CHECK(recvmmsg(u.in, messages, 4, MSG_WAITFORONE, NULL) == 4);
	for (int i = 0; i < 4; i++) {
		const struct pkt_trait set = trait(10 + i, 4, bytes + i);

		decode(&got[i], &messages[i].msg_hdr);
		CHECK(i == 2 ? brings_none(&got[i]) : brings(&got[i], &set, 1));
	}
	close_udp(&u);
}

#endif
