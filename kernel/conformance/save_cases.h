/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP_SAVE_SYN_TRAITS.
 */
#ifndef SAVE_CASES_H
#define SAVE_CASES_H

#include "pair.h"

static int get_save(int fd)
{
	int on = -1;
	socklen_t len = sizeof(on);

	CHECK(getsockopt(fd, IPPROTO_TCP, n.save, &on, &len) == 0 && len == sizeof(on));
	return on;
}

static void save_toggles_and_reads_back(int family)
{
	const int fd = tcp_socket(family);

	CHECK(get_save(fd) == 0);
	CHECK(set_save(fd, &n, 1) == 0 && get_save(fd) == 1);
	CHECK(set_save(fd, &n, 1) == 0 && get_save(fd) == 1);
	CHECK(set_save(fd, &n, 0) == 0 && get_save(fd) == 0);
	close(fd);
}

static void save_of_another_value_is_refused(int value)
{
	const int fd = tcp_socket(AF_INET);

	CHECK_ERRNO(set_save(fd, &n, value), EINVAL);
	CHECK(get_save(fd) == 0);
	MUST(set_save(fd, &n, 1));
	CHECK_ERRNO(set_save(fd, &n, value), EINVAL);
	CHECK(get_save(fd) == 1);
	close(fd);
}

static void save_of_less_than_an_int_is_refused(void)
{
	const int fd = tcp_socket(AF_INET), on = 1;

	for (socklen_t size = 0; size < sizeof(on); size++)
		CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.save, &on, size), EINVAL);
	CHECK(get_save(fd) == 0);
	close(fd);
}

static void save_at_a_bad_address_is_refused(void)
{
	const int fd = tcp_socket(AF_INET);
	int on;
	socklen_t len = sizeof(on);

	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.save, (void *)8, sizeof(on)), EFAULT);
	CHECK_ERRNO(getsockopt(fd, IPPROTO_TCP, n.save, (void *)8, &len), EFAULT);
	/* BPF sees an unreadable size as 0. */
	CHECK_ERRNO(getsockopt(fd, IPPROTO_TCP, n.save, &on, (void *)8), polyfill ? EINVAL : EFAULT);
	CHECK(get_save(fd) == 0);
	close(fd);
}

static void save_is_no_option_of_udp(int family)
{
	const int fd = MUST(socket(family, SOCK_DGRAM, 0));

	CHECK_ERRNO(set_save(fd, &n, 1), ENOPROTOOPT);
	close(fd);
}

static void saving_can_be_switched_on_while_listening(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 0);

	CHECK(set_save(p.listener, &n, 1) == 0);
	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	join_pair(&p);
	CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

static void saving_can_be_switched_off_while_listening(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 1);

	CHECK(set_save(p.listener, &n, 0) == 0 && get_save(p.listener) == 0);
	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	join_pair(&p);
	CHECK(saved_nothing(p.accepted));
	close_pair(&p);
}

static void switching_off_keeps_what_was_saved(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 1);

	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	MUST(connect(p.client, &p.at.any, p.at.len));
	CHECK(set_save(p.listener, &n, 0) == 0);
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

static void accepted_socket_inherits_the_save_flag(void)
{
	struct pair saved = connect_pair(loopback(), NULL, 0), unsaved = listen_pair(loopback(), 0);

	join_pair(&unsaved);
	CHECK(get_save(saved.accepted) == 1 && get_save(unsaved.accepted) == 0);
	close_pair(&saved);
	close_pair(&unsaved);
}

static void save_may_be_switched_on_connected_sockets(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK(set_save(p.client, &n, 1) == 0 && get_save(p.client) == 1);
	CHECK(set_save(p.client, &n, 0) == 0 && get_save(p.client) == 0);
	CHECK(set_save(p.accepted, &n, 1) == 0 && get_save(p.accepted) == 1);
	CHECK(has(p.accepted, 4, 4, bytes) && has(p.client, 4, 4, bytes));
	close_pair(&p);
}

static void save_flag_outlives_listening(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK(get_save(p.listener) == 1);
	CHECK(shutdown(p.listener, SHUT_RD) == 0); /* listens no more */
	CHECK(get_save(p.listener) == 1);
	MUST(listen(p.listener, 1));
	MUST(getsockname(p.listener, &p.at.any, &p.at.len));
	close(p.client);
	close(p.accepted);
	p.client = tcp_socket(AF_INET);
	MUST(set_traits(p.client, &n, &set, 1));
	join_pair(&p);
	CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

#endif
