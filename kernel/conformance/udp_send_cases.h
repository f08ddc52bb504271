/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SCM_PKT_TRAITS on sendmsg.
 */
#ifndef UDP_SEND_CASES_H
#define UDP_SEND_CASES_H

#include "bad_elements.h"
#include "udp.h"

static void message_of_a_bad_size_is_refused(size_t size)
{
	const struct pkt_trait set[2] = { trait(4, 4, bytes), trait(5, 4, bytes) };
	struct control c = { 0 };
	struct udp u = udp();

	control_add(&c, SOL_SOCKET, SCM_PKT_TRAITS, set, size);
	CHECK_ERRNO(send_control(u.out, &u.at, "x", 1, &c, 0), EINVAL);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

static void bad_element_fails_the_whole_send(struct pkt_trait bad)
{
	const struct pkt_trait set[] = { trait(2, 2, bytes), bad, trait(3, 8, bytes) };
	struct udp u = udp();

	CHECK_ERRNO(send_traits(u.out, &u.at, "x", set, 3), EINVAL);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

static void another_length_fails_the_send(void)
{
	const struct pkt_trait set[] = { trait(2, 2, bytes), trait(3, 2, bytes), trait(2, 4, bytes) };
	struct udp u = udp();

	CHECK_ERRNO(send_traits(u.out, &u.at, "x", set, 3), EBUSY);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

static void another_length_in_a_second_message_fails_the_send(void)
{
	const struct pkt_trait first = trait(2, 2, bytes), second = trait(2, 4, bytes);
	struct control c = { 0 };
	struct udp u = udp();

	control_traits(&c, &first, 1);
	control_traits(&c, &second, 1);
	CHECK_ERRNO(send_control(u.out, &u.at, "x", 1, &c, 0), EBUSY);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

static void too_many_traits_fail_the_send(void)
{
	struct pkt_trait set[TOO_MANY];
	struct udp u = udp();

	too_many(set);
	CHECK_ERRNO(send_traits(u.out, &u.at, "x", set, TOO_MANY), ENOSPC);
	CHECK(nothing_was_sent(&u));
	NEED(send_traits(u.out, &u.at, "x", set, TOO_MANY - 1) == 1);
	CHECK(brings(receive(u.in), set, TOO_MANY - 1));
	close_udp(&u);
}

static void too_many_traits_in_two_messages_fail_the_send(void)
{
	struct pkt_trait set[TOO_MANY];
	struct control c = { 0 };
	struct udp u = udp();

	too_many(set);
	control_traits(&c, set, 20);
	control_traits(&c, set + 20, TOO_MANY - 20);
	CHECK_ERRNO(send_control(u.out, &u.at, "x", 1, &c, 0), ENOSPC);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

static void several_messages_add_up(void)
{
	struct control c = { 0 };
	struct udp u = udp();

	control_traits(&c, three + 2, 1);
	control_traits(&c, three, 2);
	NEED(send_control(u.out, &u.at, "x", 1, &c, 0) == 1);
	CHECK(brings(receive(u.in), three, 3));
	close_udp(&u);
}

static void messages_between_which_others_stand_add_up(void)
{
	const int tos = 0x10;
	struct control c = { 0 };
	struct udp u = udp();

	control_traits(&c, three, 1);
	control_add(&c, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	control_traits(&c, three + 1, 2);
	NEED(send_control(u.out, &u.at, "x", 1, &c, 0) == 1);
	CHECK(brings(receive(u.in), three, 3));
	close_udp(&u);
}

static void last_of_a_repeated_key_is_sent(void)
{
	const struct pkt_trait set[] = { trait(5, 4, bytes), trait(6, 2, bytes), trait(5, 4, bytes + 1) };
	const struct pkt_trait expected[] = { trait(5, 4, bytes + 1), trait(6, 2, bytes) };
	struct udp u = udp();

	NEED(send_traits(u.out, &u.at, "x", set, 3) == 1);
	CHECK(brings(receive(u.in), expected, 2));
	close_udp(&u);
}

static void element_of_len_0_is_not_sent(void)
{
	const struct pkt_trait set[] = { trait(4, 0, NULL), trait(5, 2, bytes), trait(6, 0, NULL) };
	struct udp u = udp();

	NEED(send_traits(u.out, &u.at, "x", set, 3) == 1);
	CHECK(brings(receive(u.in), set + 1, 1));
	close_udp(&u);
}

static void elements_of_len_0_alone_send_no_message(void)
{
	const struct pkt_trait set[] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_traits(u.out, &u.at, "x", set, 2) == 1);
	d = receive(u.in);
	CHECK(says(d, "x") && brings_none(d));
	close_udp(&u);
}

static void more_elements_than_keys_are_sent(void)
{
	struct pkt_trait set[200], expected[PKT_TRAIT_KEYS];
	struct udp u = udp();

	for (int i = 0; i < 200; i++) {
		set[i] = trait(i % PKT_TRAIT_KEYS, 2, bytes + i % 13);
		expected[i % PKT_TRAIT_KEYS] = set[i];
	}
	NEED(send_traits(u.out, &u.at, "x", set, 200) == 1);
	CHECK(brings(receive(u.in), expected, PKT_TRAIT_KEYS));
	close_udp(&u);
}

static void other_unknown_message_is_refused_as_ever(void)
{
	struct control c = { 0 };
	struct udp u = udp();

	control_add(&c, SOL_SOCKET, 99, three, sizeof(three));
	CHECK_ERRNO(send_control(u.out, &u.at, "x", 1, &c, 0), EINVAL);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

static void message_on_a_stream_is_refused(void)
{
	struct pair p = connect_pair(loopback(), NULL, 0);

	CHECK_ERRNO(send_traits(p.client, NULL, "x", three, 3), EINVAL);
	CHECK(send(p.client, "y", 1, 0) == 1);
	CHECK(reads(p.accepted, "y"));
	close_pair(&p);
}

static void sendmmsg_sends_each_its_own(void)
{
	struct control c[4] = { 0 };
	struct mmsghdr messages[4] = { 0 };
	struct iovec data = { "x", 1 };
	struct udp u = udp();

	for (int i = 0; i < 4; i++) {
		const struct pkt_trait set = trait(10 + i, 4, bytes + i);

		messages[i].msg_hdr = (struct msghdr){ .msg_name = &u.at.any, .msg_namelen = u.at.len,
						       .msg_iov = &data, .msg_iovlen = 1 };
		if (i == 2)
			continue;
		control_traits(&c[i], &set, 1);
		messages[i].msg_hdr.msg_control = c[i].bytes;
		messages[i].msg_hdr.msg_controllen = c[i].len;
	}
	NEED(sendmmsg(u.out, messages, 4, 0) == 4);
	for (int i = 0; i < 4; i++) {
		const struct pkt_trait set = trait(10 + i, 4, bytes + i);
		const struct datagram *d = receive(u.in);

		CHECK(i == 2 ? brings_none(d) : brings(d, &set, 1));
	}
	close_udp(&u);
}

static void sendmmsg_ends_at_the_one_that_fails(void)
{
	struct control c[3] = { 0 };
	struct mmsghdr messages[3] = { 0 };
	struct iovec data = { "x", 1 };
	struct udp u = udp();

	for (int i = 0; i < 3; i++) {
		const struct pkt_trait set = trait(i == 1 ? 64 : 5, 4, bytes);

		control_traits(&c[i], &set, 1);
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &u.at.any, .msg_namelen = u.at.len,
						       .msg_iov = &data, .msg_iovlen = 1,
						       .msg_control = c[i].bytes, .msg_controllen = c[i].len };
	}
	NEED(sendmmsg(u.out, messages, 3, 0) == 1);
	CHECK(brings(receive(u.in), &(struct pkt_trait){ .key = 5, .len = 4, .val = { 0xa0, 0xb1, 0xc2, 0xd3 } }, 1));
	CHECK_ERRNO(sendmmsg(u.out, messages + 1, 2, 0), EINVAL);
	CHECK(nothing_was_sent(&u));
	close_udp(&u);
}

#endif
