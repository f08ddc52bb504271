/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setsockopt(TCP_SYN_TRAITS) that fails as a whole or in some elements.
 */
#ifndef SET_ERROR_CASES_H
#define SET_ERROR_CASES_H

#include <fcntl.h>

#include "bad_elements.h"
#include "pair.h"

static void set_of_a_bad_size_is_refused(int size)
{
	const struct pkt_trait set[2] = { trait(4, 4, bytes), trait(5, 4, bytes) };
	const int fd = tcp_socket(AF_INET);

	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.syn, set, size), EINVAL);
	CHECK(has(fd, 4, 0, NULL));
	close(fd);
}

static void set_at_a_bad_address_is_refused(void)
{
	const int fd = tcp_socket(AF_INET);

	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.syn, (void *)8, sizeof(struct pkt_trait)), EFAULT);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.syn, NULL, sizeof(struct pkt_trait)), EFAULT);
	close(fd);
}

static void set_is_no_option_of_udp(int family)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	const int fd = MUST(socket(family, SOCK_DGRAM, 0));

	CHECK_ERRNO(set_traits(fd, &n, &set, 1), ENOPROTOOPT);
	close(fd);
}

/* Whether the failed element, and it alone, says why; the rest of the caller's buffer is as it was. */
static bool tells(const struct pkt_trait *after, const struct pkt_trait *before, size_t count, size_t failed, int error)
{
	for (size_t i = 0; i < count; i++) {
		struct pkt_trait expected = before[i];

		if (writeback && i == failed)
			expected.io_err = error;
		if (memcmp(&after[i], &expected, sizeof(expected)))
			return false;
	}
	return true;
}

static void set_fails_a_bad_element_alone(struct pkt_trait bad)
{
	const struct pkt_trait before[] = { trait(2, 2, bytes), bad, trait(3, 8, bytes) };
	struct pkt_trait set[3];
	struct pair p = listen_pair(loopback(), 1);

	memcpy(set, before, sizeof(set));
	CHECK_ERRNO(set_traits(p.client, &n, set, 3), EIO);
	CHECK(tells(set, before, 3, 1, EINVAL));
	CHECK(has(p.client, 1, 0, NULL) && has(p.client, 2, 2, bytes) && has(p.client, 3, 8, bytes));
	join_pair(&p);
	CHECK(has(p.accepted, 1, 0, NULL) && has(p.accepted, 2, 2, bytes) && has(p.accepted, 3, 8, bytes));
	close_pair(&p);
}

static void flag_is_of_the_future(void)
{
	struct pkt_trait set = with_len(PKT_TRAIT_FLAG);
	const int fd = tcp_socket(AF_INET);

	memset(set.val, 0, sizeof(set.val));
	if (polyfill) { /* has it today */
		CHECK(set_traits(fd, &n, &set, 1) == 0);
		CHECK(has(fd, 1, PKT_TRAIT_FLAG, NULL));
	} else {
		CHECK_ERRNO(set_traits(fd, &n, &set, 1), EIO);
		CHECK(has(fd, 1, 0, NULL));
	}
	close(fd);
}

static void another_length_is_busy(int first_len, int second_len)
{
	const struct pkt_trait first = trait(4, first_len, bytes);
	const struct pkt_trait before[] = { trait(5, 2, bytes), trait(4, second_len, bytes + 1), trait(6, 2, bytes) };
	struct pkt_trait second[3];
	const int fd = tcp_socket(AF_INET);

	memcpy(second, before, sizeof(second));
	CHECK(set_traits(fd, &n, &first, 1) == 0);
	CHECK_ERRNO(set_traits(fd, &n, second, 3), EIO);
	CHECK(tells(second, before, 3, 1, EBUSY));
	CHECK(has(fd, 4, first_len, bytes) && has(fd, 5, 2, bytes) && has(fd, 6, 2, bytes));
	close(fd);
}

static void another_length_in_the_same_call_is_busy(void)
{
	const struct pkt_trait before[] = { trait(4, 4, bytes), trait(4, 8, bytes), trait(5, 4, bytes) };
	struct pkt_trait set[3];
	const int fd = tcp_socket(AF_INET);

	memcpy(set, before, sizeof(set));
	CHECK_ERRNO(set_traits(fd, &n, set, 3), EIO);
	CHECK(tells(set, before, 3, 1, EBUSY));
	CHECK(has(fd, 4, 4, bytes) && has(fd, 5, 4, bytes));
	close(fd);
}

static void every_failing_element_is_told(void)
{
	struct pkt_trait set[] = { KEY(64), trait(4, 4, bytes), LEN(3), trait(4, 2, bytes), PAD_2(7) };
	const int errors[] = { EINVAL, 0, EINVAL, EBUSY, EINVAL };
	const int fd = tcp_socket(AF_INET);

	CHECK_ERRNO(set_traits(fd, &n, set, 5), EIO);
	for (int i = 0; i < 5; i++)
		CHECK(set[i].io_err == (writeback ? errors[i] : 0));
	CHECK(has(fd, 4, 4, bytes));
	close(fd);
}

static void a_set_that_works_writes_nothing(void)
{
	struct pkt_trait set[3] = { trait(4, 4, bytes), trait(5, 0, NULL), trait(6, 2, bytes) }, before[3];
	const int fd = tcp_socket(AF_INET);

	set[2].val[9] = 1;
	memcpy(before, set, sizeof(set));
	CHECK(set_traits(fd, &n, set, 3) == 0);
	CHECK(!memcmp(before, set, sizeof(set)));
	close(fd);
}

static const struct pkt_trait refused = { .key = 5, .len = 4, .val = { 1, 2, 3, 4 } };

static void set_of_a_listener_is_refused(void)
{
	struct pair p = listen_pair(loopback(), 1);

	CHECK_ERRNO(set_traits(p.listener, &n, &refused, 1), EOPNOTSUPP);
	CHECK(has(p.listener, 5, 0, NULL));
	close_pair(&p);
}

static void set_of_a_connected_socket_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK_ERRNO(set_traits(p.client, &n, &refused, 1), EOPNOTSUPP);
	CHECK(has(p.client, 4, 4, bytes) && has(p.client, 5, 0, NULL));
	close_pair(&p);
}

static void set_of_an_accepted_socket_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK_ERRNO(set_traits(p.accepted, &n, &refused, 1), EOPNOTSUPP);
	CHECK(has(p.accepted, 4, 4, bytes) && has(p.accepted, 5, 0, NULL));
	close_pair(&p);
}

/* One connection fills the listener's queue, so that the next SYN is not answered. */
static struct pair pair_that_waits(int *first)
{
	struct pair p = { .at = loopback(), .accepted = -1 };

	p.listener = bound_socket(&p.at);
	MUST(set_save(p.listener, &n, 1));
	MUST(listen(p.listener, 0));
	*first = tcp_socket(AF_INET);
	MUST(connect(*first, &p.at.any, p.at.len));
	p.client = tcp_socket(AF_INET);
	MUST(fcntl(p.client, F_SETFL, O_NONBLOCK));
	return p;
}

static void set_of_a_connecting_socket_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	int first;
	struct pair p = pair_that_waits(&first);

	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	CHECK_ERRNO(connect(p.client, &p.at.any, p.at.len), EINPROGRESS);
	CHECK_ERRNO(set_traits(p.client, &n, &refused, 1), EOPNOTSUPP);
	CHECK(has(p.client, 4, 4, bytes) && has(p.client, 5, 0, NULL));
	close(first);
	close_pair(&p);
}

#endif
