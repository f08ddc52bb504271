/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setsockopt(TCP_SYN_TRAITS).
 */
#ifndef SET_CASES_H
#define SET_CASES_H

#include <fcntl.h>

#include "pair.h"

static void set_with_a_bad_size_is_refused(void)
{
	const struct pkt_trait set[2] = { trait(4, 4, bytes), trait(5, 4, bytes) };
	const int fd = tcp_socket(AF_INET);
	const socklen_t sizes[] = { 0, 1, 23, 25, 47 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.syn, set, sizes[i]), EINVAL);
	CHECK(has(fd, 4, 0, NULL));
	close(fd);
}

static void more_than_64_elements_are_refused(void)
{
	struct pkt_trait t[65];
	const int fd = tcp_socket(AF_INET);

	for (int i = 0; i < 65; i++)
		t[i] = trait(1, 2, bytes);
	CHECK_ERRNO(set_traits(fd, &n, t, 65), EINVAL);
	CHECK_ERRNO(get_traits(fd, &n, t, 65), EINVAL);
	CHECK(set_traits(fd, &n, t, 64) == 0);
	close(fd);
}

static void set_of_len_0_is_ignored(void)
{
	const struct pkt_trait set[] = { trait(4, 0, NULL), trait(5, 2, bytes), trait(6, 0, NULL) };
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, set, 1) == 0);
	CHECK(set_traits(fd, &n, set, 3) == 0);
	CHECK(has(fd, 4, 0, NULL) && has(fd, 5, 2, bytes) && has(fd, 6, 0, NULL));
	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(5, 0, NULL) }, 1) == 0);
	CHECK(has(fd, 5, 2, bytes));
	close(fd);
}

static void set_is_read_back_before_and_after_connect(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listener = saving_listener(&at, &n), client = tcp_socket(AF_INET);

	CHECK(set_traits(client, &n, &set, 1) == 0);
	CHECK(has(client, 4, 4, bytes));
	MUST(connect(client, &at.any, at.len));
	CHECK(has(client, 4, 4, bytes));
	close(client);
	close(listener);
}

static void set_adds_and_overwrites(void)
{
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(4, 2, bytes), trait(5, 4, bytes) }, 2) == 0);
	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(4, 2, bytes + 7), trait(6, 8, bytes) }, 2) == 0);
	CHECK(has(fd, 4, 2, bytes + 7) && has(fd, 5, 4, bytes) && has(fd, 6, 8, bytes));
	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(5, 4, bytes), trait(5, 4, bytes + 1) }, 2) == 0);
	CHECK(has(fd, 5, 4, bytes + 1));
	close(fd);
}

static int syn_sent_socket(struct address *at, int *listener, int *first)
{
	const int fd = tcp_socket(AF_INET);

	*listener = bound_socket(at);
	MUST(listen(*listener, 0)); /* one connection fills the queue, the next SYN is not answered */
	*first = tcp_socket(AF_INET);
	MUST(connect(*first, &at->any, at->len));
	MUST(fcntl(fd, F_SETFL, O_NONBLOCK));
	return fd;
}

static void set_once_connecting_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes), other = trait(5, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct address at = loopback();
	int listener, first;
	const int connecting = syn_sent_socket(&at, &listener, &first);

	CHECK_ERRNO(set_traits(p.listener, &n, &other, 1), EOPNOTSUPP);
	CHECK_ERRNO(set_traits(p.client, &n, &other, 1), EOPNOTSUPP);
	CHECK_ERRNO(set_traits(p.accepted, &n, &other, 1), EOPNOTSUPP);
	CHECK(set_traits(connecting, &n, &set, 1) == 0);
	CHECK_ERRNO(connect(connecting, &at.any, at.len), EINPROGRESS);
	CHECK_ERRNO(set_traits(connecting, &n, &other, 1), EOPNOTSUPP);
	CHECK(has(connecting, 4, 4, bytes));
	close(connecting);
	close(first);
	close(listener);
	close_pair(&p);
}

static void too_many_traits_are_refused_whole(void)
{
	struct pkt_trait set[26];
	const int first = tcp_socket(AF_INET), second = tcp_socket(AF_INET);

	for (int i = 0; i < 26; i++) /* 208 bytes */
		set[i] = trait(i, 8, bytes);
	CHECK_ERRNO(set_traits(first, &n, set, 26), ENOSPC);
	CHECK(set_traits(second, &n, set, 25) == 0); /* 200 bytes fit */
	CHECK_ERRNO(set_traits(second, &n, set + 25, 1), ENOSPC);
	CHECK(has(second, 24, 8, bytes));
	CHECK(set_traits(second, &n, set, 25) == 0); /* overwriting takes no room */
	if (polyfill) { /* nothing of the refused call is applied */
		CHECK(has(first, 0, 0, NULL));
		set[0].val[0] ^= 1;
		CHECK_ERRNO(set_traits(second, &n, (struct pkt_trait[]){ set[0], set[25] }, 2), ENOSPC);
		CHECK(has(second, 0, 8, bytes));
		CHECK(set_traits(second, &n, (struct pkt_trait[]){ trait(40, PKT_TRAIT_FLAG, NULL) }, 1) == 0);
	}
	close(first);
	close(second);
}

static void another_length_is_busy(void)
{
	const int fd = tcp_socket(AF_INET);
	struct pkt_trait set[] = { trait(4, 4, bytes), trait(4, 8, bytes), trait(5, 4, bytes) };

	CHECK_ERRNO(set_traits(fd, &n, set, 3), EIO);
	if (!polyfill)
		CHECK(set[1].io_err == EBUSY || set[1].io_err == 0);
	CHECK(has(fd, 4, 4, bytes) && has(fd, 5, 4, bytes));
	CHECK_ERRNO(set_traits(fd, &n, (struct pkt_trait[]){ trait(5, 2, bytes), trait(6, 2, bytes) }, 2), EIO);
	CHECK(has(fd, 5, 4, bytes) && has(fd, 6, 2, bytes));
	close(fd);
}

static void bad_elements_fail_and_good_ones_are_applied(void)
{
	struct pkt_trait bad[] = {
		trait(64, 4, bytes), trait(255, 4, bytes), trait(1, 1, bytes), trait(1, 3, bytes), trait(1, 5, bytes),
		trait(1, 15, bytes), trait(1, 4, bytes), trait(1, 4, bytes), trait(1, 4, bytes), trait(1, 0, NULL),
		trait(1, 0, NULL), trait(1, 0, NULL),
	};
	const size_t count = sizeof(bad) / sizeof(bad[0]);

	bad[6]._zpad_1 = 1;
	bad[7]._zpad_2 = 1 << 24;
	bad[8].io_err = EIO;
	bad[9].len = 17;
	bad[10].len = 128;
	bad[11].len = 254;
	for (size_t i = 0; i < count; i++) {
		const struct pkt_trait set[] = { trait(2, 2, bytes), bad[i], trait(3, 8, bytes) };
		const int fd = tcp_socket(AF_INET);

		CHECK_ERRNO(set_traits(fd, &n, set, 3), EIO);
		CHECK(has(fd, 1, 0, NULL) && has(fd, 2, 2, bytes) && has(fd, 3, 8, bytes));
		close(fd);
	}
}

#endif
