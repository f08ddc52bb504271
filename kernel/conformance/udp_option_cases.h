/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SO_RCV_PKT_TRAITS.
 */
#ifndef UDP_OPTION_CASES_H
#define UDP_OPTION_CASES_H

#include "udp.h"

static int get_receive(int fd)
{
	int on = -1;
	socklen_t len = sizeof(on);

	CHECK(getsockopt(fd, SOL_SOCKET, SO_RCV_PKT_TRAITS, &on, &len) == 0 && len == sizeof(on));
	return on;
}

static void receive_toggles_and_reads_back(int family, int type, int protocol)
{
	const int fd = MUST(socket(family, type, protocol));

	CHECK(get_receive(fd) == 0);
	CHECK(set_receive(fd, 1) == 0 && get_receive(fd) == 1);
	CHECK(set_receive(fd, 1) == 0 && get_receive(fd) == 1);
	NEED(set_receive(fd, 0) == 0 && get_receive(fd) == 0);
	close(fd);
}

static void receive_of_another_value_is_refused(int value)
{
	const int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	CHECK_ERRNO(set_receive(fd, value), EINVAL);
	CHECK(get_receive(fd) == 0);
	MUST(set_receive(fd, 1));
	CHECK_ERRNO(set_receive(fd, value), EINVAL);
	CHECK(get_receive(fd) == 1);
	close(fd);
}

static void receive_of_less_than_an_int_is_refused(void)
{
	const int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0)), on = 1;

	for (socklen_t size = 0; size < sizeof(on); size++)
		CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_RCV_PKT_TRAITS, &on, size), EINVAL);
	CHECK(get_receive(fd) == 0);
	close(fd);
}

static void receive_at_a_bad_address_is_refused(void)
{
	const int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	CHECK_ERRNO(setsockopt(fd, SOL_SOCKET, SO_RCV_PKT_TRAITS, (void *)8, sizeof(int)), EFAULT);
	CHECK(get_receive(fd) == 0);
	close(fd);
}

static void receiving_is_off_at_first(void)
{
	struct udp u = udp();
	struct address at = loopback();
	const int fresh = receiver(&at, SOCK_DGRAM, 0);
	const struct datagram *d;

	NEED(send_traits(u.out, &at, "x", three, 3) == 1);
	d = receive(fresh);
	CHECK(says(d, "x") && brings_none(d));
	close(fresh);
	close_udp(&u);
}

static void receiving_can_be_switched_off(void)
{
	struct udp u = udp();
	const struct datagram *d;

	NEED(send_traits(u.out, &u.at, "on", three, 3) == 2);
	CHECK(brings(receive(u.in), three, 3));
	NEED(set_receive(u.in, 0) == 0);
	NEED(send_traits(u.out, &u.at, "off", three, 3) == 3);
	d = receive(u.in);
	CHECK(says(d, "off") && brings_none(d));
	NEED(set_receive(u.in, 1) == 0);
	NEED(send_traits(u.out, &u.at, "on again", three, 3) == 8);
	CHECK(brings(receive(u.in), three, 3));
	close_udp(&u);
}

static void sending_needs_no_option(void)
{
	struct udp u = udp();

	CHECK(get_receive(u.out) == 0);
	NEED(send_traits(u.out, &u.at, "x", three, 3) == 1);
	CHECK(brings(receive(u.in), three, 3));
	close_udp(&u);
}

#endif
