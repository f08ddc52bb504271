/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setsockopt(TCP_SYN_TRAITS) that works.
 */
#ifndef SET_CASES_H
#define SET_CASES_H

#include "pair.h"

static void set_is_read_back_before_connect(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, &set, 1) == 0);
	CHECK(has(fd, 4, 4, bytes) && has(fd, 5, 0, NULL));
	close(fd);
}

static void set_is_read_back_on_the_connected_socket(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK(has(p.client, 4, 4, bytes) && has(p.client, 5, 0, NULL));
	close_pair(&p);
}

static void set_of_a_bound_socket_is_sent(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 1);
	const struct address from = loopback();

	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	MUST(bind(p.client, &from.any, from.len));
	CHECK(has(p.client, 4, 4, bytes));
	join_pair(&p);
	CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

static void sets_add_up(void)
{
	const struct pkt_trait first[] = { trait(4, 2, bytes), trait(63, 4, bytes) }, second = trait(0, 8, bytes);
	struct pair p = listen_pair(loopback(), 1);

	CHECK(set_traits(p.client, &n, first, 2) == 0);
	CHECK(set_traits(p.client, &n, &second, 1) == 0);
	join_pair(&p);
	CHECK(has(p.accepted, 0, 8, bytes) && has(p.accepted, 4, 2, bytes) && has(p.accepted, 63, 4, bytes));
	close_pair(&p);
}

static void the_same_length_overwrites(void)
{
	const struct pkt_trait first[] = { trait(4, 2, bytes), trait(5, 4, bytes), trait(6, 8, bytes) };
	const struct pkt_trait second = trait(5, 4, bytes + 7);
	struct pair p = listen_pair(loopback(), 1);

	CHECK(set_traits(p.client, &n, first, 3) == 0);
	CHECK(set_traits(p.client, &n, &second, 1) == 0);
	join_pair(&p);
	CHECK(has(p.accepted, 4, 2, bytes) && has(p.accepted, 5, 4, bytes + 7) && has(p.accepted, 6, 8, bytes));
	close_pair(&p);
}

static void the_last_of_a_repeated_key_counts(void)
{
	const struct pkt_trait set[] = { trait(5, 4, bytes), trait(6, 2, bytes), trait(5, 4, bytes + 1) };
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, set, 3) == 0);
	CHECK(has(fd, 5, 4, bytes + 1) && has(fd, 6, 2, bytes));
	close(fd);
}

static void set_of_len_0_is_ignored(void)
{
	const struct pkt_trait set[] = { trait(4, 0, NULL), trait(5, 2, bytes), trait(6, 0, NULL) };
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, set, 1) == 0);
	CHECK(has(fd, 4, 0, NULL));
	CHECK(set_traits(fd, &n, set, 3) == 0);
	CHECK(has(fd, 4, 0, NULL) && has(fd, 5, 2, bytes) && has(fd, 6, 0, NULL));
	close(fd);
}

static void set_of_len_0_does_not_remove(void)
{
	const struct pkt_trait set = trait(5, 2, bytes), none = trait(5, 0, NULL);
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, &set, 1) == 0);
	CHECK(set_traits(fd, &n, &none, 1) == 0);
	CHECK(has(fd, 5, 2, bytes));
	close(fd);
}

static void set_of_len_0_is_ignored_whatever_else_it_holds(void)
{
	struct pkt_trait set = trait(5, 4, bytes);
	const int fd = tcp_socket(AF_INET);

	set.len = 0;
	set._zpad_1 = 1;
	set._zpad_2 = 2;
	set.io_err = EBUSY;
	CHECK(set_traits(fd, &n, &set, 1) == 0);
	CHECK(has(fd, 5, 0, NULL));
	close(fd);
}

static void bytes_behind_the_value_are_read_as_zero(void)
{
	struct pkt_trait set = trait(5, 16, bytes);
	struct pair p = listen_pair(loopback(), 1);

	set.len = 2;
	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	CHECK(has(p.client, 5, 2, bytes));
	join_pair(&p);
	CHECK(has(p.accepted, 5, 2, bytes));
	close_pair(&p);
}

static void set_takes_more_elements_than_keys(void)
{
	struct pkt_trait set[200];
	const int fd = tcp_socket(AF_INET);

	for (int i = 0; i < 200; i++)
		set[i] = trait(i % PKT_TRAIT_KEYS, 2, bytes + i % 13);
	if (polyfill) { /* BPF sees one page of the buffer */
		CHECK_ERRNO(set_traits(fd, &n, set, PKT_TRAIT_KEYS + 1), EINVAL);
		CHECK(has(fd, 0, 0, NULL));
	} else {
		CHECK(set_traits(fd, &n, set, 200) == 0);
		CHECK(has(fd, 7, 2, bytes + 199 % 13) && has(fd, 8, 2, bytes + 136 % 13));
	}
	close(fd);
}

static void two_sockets_have_nothing_in_common(void)
{
	const struct pkt_trait set = trait(5, 2, bytes);
	const int first = tcp_socket(AF_INET), second = tcp_socket(AF_INET);

	CHECK(set_traits(first, &n, &set, 1) == 0);
	CHECK(has(second, 5, 0, NULL));
	close(first);
	CHECK(has(second, 5, 0, NULL));
	close(second);
}

#endif
