/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 200 bytes of values, and not one more.
 */
#ifndef ROOM_CASES_H
#define ROOM_CASES_H

#include "pair.h"

static void values_of_200_bytes_fit(int len)
{
	struct pkt_trait set[PKT_TRAIT_KEYS];
	const int fd = tcp_socket(AF_INET), count = PKT_TRAIT_ROOM / len;
	int room = 0;

	for (int i = 0; i < count; i++, room += len)
		set[i] = trait(i, len, bytes);
	if (room < PKT_TRAIT_ROOM)
		set[count] = trait(count, PKT_TRAIT_ROOM - room, bytes);
	CHECK(set_traits(fd, &n, set, count + (room < PKT_TRAIT_ROOM)) == 0);
	CHECK(has(fd, count - 1, len, bytes));
	CHECK_ERRNO(set_traits(fd, &n, (struct pkt_trait[]){ trait(63, 2, bytes) }, 1), ENOSPC);
	close(fd);
}

static void too_many_traits_are_refused_whole(void)
{
	struct pkt_trait set[TOO_MANY];
	const int fd = tcp_socket(AF_INET);

	too_many(set);
	CHECK_ERRNO(set_traits(fd, &n, set, TOO_MANY), ENOSPC);
	for (int i = 0; i < TOO_MANY; i++)
		CHECK(has(fd, i, 0, NULL));
	CHECK(set_traits(fd, &n, set, TOO_MANY - 1) == 0);
	close(fd);
}

static void a_second_set_that_is_too_much_is_refused_whole(void)
{
	struct pkt_trait set[TOO_MANY], more[2];
	const int fd = tcp_socket(AF_INET);

	too_many(set);
	CHECK(set_traits(fd, &n, set, TOO_MANY - 1) == 0);
	more[0] = trait(0, 8, bytes + 3);
	more[1] = set[TOO_MANY - 1];
	CHECK_ERRNO(set_traits(fd, &n, more, 2), ENOSPC);
	CHECK(has(fd, 0, 8, bytes) && has(fd, TOO_MANY - 1, 0, NULL));
	close(fd);
}

static void overwriting_takes_no_room(void)
{
	struct pkt_trait set[TOO_MANY];
	const int fd = tcp_socket(AF_INET);

	too_many(set);
	CHECK(set_traits(fd, &n, set, TOO_MANY - 1) == 0);
	set[3] = trait(3, 8, bytes + 1);
	CHECK(set_traits(fd, &n, set, TOO_MANY - 1) == 0);
	CHECK(has(fd, 3, 8, bytes + 1) && has(fd, 4, 8, bytes));
	close(fd);
}

static void no_room_weighs_more_than_a_bad_element(void)
{
	struct pkt_trait set[TOO_MANY + 1];
	const int fd = tcp_socket(AF_INET);

	too_many(set);
	set[TOO_MANY] = trait(64, 4, bytes);
	CHECK_ERRNO(set_traits(fd, &n, set, TOO_MANY + 1), ENOSPC);
	CHECK(has(fd, 0, 0, NULL));
	close(fd);
}

static void bad_elements_take_no_room(void)
{
	struct pkt_trait set[TOO_MANY];
	const int fd = tcp_socket(AF_INET);

	too_many(set);
	set[7]._zpad_1 = 1;
	CHECK_ERRNO(set_traits(fd, &n, set, TOO_MANY), EIO);
	CHECK(has(fd, 7, 0, NULL) && has(fd, TOO_MANY - 1, 8, bytes));
	close(fd);
}

static void full_set_arrives(const char *at)
{
	struct pkt_trait set[PKT_TRAIT_KEYS], got[PKT_TRAIT_KEYS];
	struct pair p;

	full_set(set);
	p = connect_pair(address_of(at, 0), set, PKT_TRAIT_KEYS);
	CHECK(get_all(p.accepted, &n, got) == 0);
	CHECK(!memcmp(set, got, sizeof(set)));
	close_pair(&p);
}

#endif
