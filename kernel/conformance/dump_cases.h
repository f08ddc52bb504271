/* SPDX-License-Identifier: Apache-2.0 */
/*
 * getsockopt(TCP_SYN_TRAITS) whose first key is 0xff: the traits that are there, in key order.
 */
#ifndef DUMP_CASES_H
#define DUMP_CASES_H

#include "pair.h"

#define ANY_KEY 0xff
#define UNTOUCHED 0x77

/* Fills the buffer with a byte but for the one key that asks; returns how many traits came, or -1. */
static int dump(int fd, struct pkt_trait *t, size_t room)
{
	socklen_t len = room * sizeof(*t);

	memset(t, UNTOUCHED, len);
	t[0] = trait(ANY_KEY, 0, NULL);
	if (getsockopt(fd, IPPROTO_TCP, n.syn, t, &len))
		return -1;
	CHECK(len % sizeof(*t) == 0 && len <= room * sizeof(*t));
	return len / sizeof(*t);
}

/* BPF cannot answer that there is nothing: one element comes, of key 0 and len 0. */
static bool dumps_nothing(int fd)
{
	struct pkt_trait got[2];
	const int count = dump(fd, got, 2);

	return polyfill ? count == 1 && is(&got[0], 0, 0, NULL) : count == 0;
}

static void dump_has_the_present_traits_in_key_order(void)
{
	struct pkt_trait set[8], shuffled[8], got[PKT_TRAIT_KEYS];
	const int count = every_size(set);
	struct pair p;

	for (int i = 0; i < count; i++)
		shuffled[i] = set[(i + 2) % count];
	p = connect_pair(loopback(), shuffled, count);
	CHECK(dump(p.accepted, got, PKT_TRAIT_KEYS) == count);
	CHECK(!memcmp(set, got, count * sizeof(set[0])));
	CHECK(((__u8 *)&got[count])[0] == UNTOUCHED);
	close_pair(&p);
}

static void dump_of_what_was_set(void)
{
	struct pkt_trait set[8], got[8];
	const int count = every_size(set), fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, set, count) == 0);
	CHECK(dump(fd, got, 8) == count && !memcmp(set, got, count * sizeof(set[0])));
	close(fd);
}

static void dump_that_just_fits(void)
{
	const struct pkt_trait set[] = { trait(3, 2, bytes), trait(5, 8, bytes) };
	struct pair p = connect_pair(loopback(), set, 2);
	struct pkt_trait got[3];

	CHECK(dump(p.accepted, got, 2) == 2 && !memcmp(set, got, sizeof(set)));
	close_pair(&p);
}

static void dump_of_the_full_set(void)
{
	struct pkt_trait set[PKT_TRAIT_KEYS], got[PKT_TRAIT_KEYS];
	struct pair p;

	full_set(set);
	p = connect_pair(loopback(), set, PKT_TRAIT_KEYS);
	CHECK(dump(p.accepted, got, PKT_TRAIT_KEYS) == PKT_TRAIT_KEYS && !memcmp(set, got, sizeof(set)));
	CHECK(dump(p.client, got, PKT_TRAIT_KEYS) == PKT_TRAIT_KEYS && !memcmp(set, got, sizeof(set)));
	close_pair(&p);
}

static void dump_without_room_writes_nothing(void)
{
	const struct pkt_trait set[] = { trait(3, 2, bytes), trait(5, 8, bytes), trait(6, 8, bytes) };
	struct pair p = connect_pair(loopback(), set, 3);
	struct pkt_trait got[2];

	CHECK_ERRNO(dump(p.accepted, got, 2), ENOSPC);
	CHECK(is(&got[0], ANY_KEY, 0, NULL) && ((__u8 *)&got[1])[0] == UNTOUCHED);
	close_pair(&p);
}

static void dump_of_no_traits_is_empty(void)
{
	struct pair p = connect_pair(loopback(), NULL, 0);
	const int fd = tcp_socket(AF_INET);

	CHECK(dumps_nothing(p.accepted) && dumps_nothing(p.client) && dumps_nothing(fd));
	close_pair(&p);
	close(fd);
}

static void dump_when_saving_was_off_is_empty(void)
{
	const struct pkt_trait set = trait(3, 2, bytes);
	struct pair p = listen_pair(loopback(), 0);

	MUST(set_traits(p.client, &n, &set, 1));
	join_pair(&p);
	CHECK(dumps_nothing(p.accepted));
	close_pair(&p);
}

static void dump_can_be_set_unchanged(void)
{
	struct pkt_trait set[8], got[8], again[8];
	const int count = every_size(set);
	struct pair p = connect_pair(loopback(), set, count), q;

	CHECK(dump(p.accepted, got, 8) == count);
	q = connect_pair(loopback(), got, count);
	CHECK(dump(q.accepted, again, 8) == count && !memcmp(set, again, count * sizeof(set[0])));
	close_pair(&p);
	close_pair(&q);
}

static void any_key_asks_for_all_only_in_the_first_element(void)
{
	const struct pkt_trait set = trait(3, 2, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct pkt_trait got[] = { trait(3, 0, NULL), trait(ANY_KEY, 0, NULL) };
	const int result = get_traits(p.accepted, &n, got, 2);

	CHECK(polyfill ? result == 0 : result == -1 && errno == EIO);
	CHECK(is(&got[0], 3, 2, bytes) && got[1].key == ANY_KEY && got[1].len == 0 && got[1].io_err == EINVAL);
	close_pair(&p);
}

#endif
