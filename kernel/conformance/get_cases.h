/* SPDX-License-Identifier: Apache-2.0 */
/*
 * getsockopt(TCP_SYN_TRAITS).
 */
#ifndef GET_CASES_H
#define GET_CASES_H

#include "pair.h"

static bool is_of_three(const struct pkt_trait *t, int key)
{
	for (int i = 0; i < 3; i++)
		if (three[i].key == key)
			return is(t, key, three[i].len, three[i].val);
	return is(t, key, 0, NULL);
}

static void get_when_saving_was_off_has_no_elements(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 0);

	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	join_pair(&p);
	CHECK(saved_nothing(p.accepted));
	close_pair(&p);
}

static void get_when_saving_was_off_leaves_the_buffer(void)
{
	struct pair p = listen_pair(loopback(), 0);
	struct pkt_trait got[2] = { trait(4, 8, bytes), trait(5, 2, bytes) };

	join_pair(&p);
	CHECK(get_traits(p.accepted, &n, got, 2) == 0);
	if (polyfill) /* it answers what was asked, there is no "no elements" */
		CHECK(is(&got[0], 4, 0, NULL) && is(&got[1], 5, 0, NULL));
	else
		CHECK(is(&got[0], 4, 8, bytes) && is(&got[1], 5, 2, bytes));
	close_pair(&p);
}

static void get_of_an_absent_key_is_not_an_error(void)
{
	struct pair p = connect_pair(loopback(), three, 3);

	CHECK(has(p.accepted, 2, 0, NULL) && has(p.accepted, 0, 0, NULL) && has(p.accepted, 63, 0, NULL));
	close_pair(&p);
}

static void get_of_a_connection_without_traits_answers_absent_keys(void)
{
	struct pair p = connect_pair(loopback(), NULL, 0);
	struct pkt_trait got[PKT_TRAIT_KEYS];
	socklen_t len = sizeof(got[0]);

	CHECK(has(p.accepted, 4, 0, NULL));
	got[0] = trait(4, 0, NULL);
	CHECK(getsockopt(p.accepted, IPPROTO_TCP, n.syn, got, &len) == 0 && len == sizeof(got[0]));
	CHECK(get_all(p.accepted, &n, got) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		CHECK(is(&got[key], key, 0, NULL));
	close_pair(&p);
}

static void get_of_a_new_socket_answers_absent_keys(int family)
{
	struct pkt_trait got[] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	const int fd = tcp_socket(family);
	socklen_t len = sizeof(got);

	CHECK(getsockopt(fd, IPPROTO_TCP, n.syn, got, &len) == 0 && len == sizeof(got));
	CHECK(is(&got[0], 4, 0, NULL) && is(&got[1], 5, 0, NULL));
	close(fd);
}

static void get_of_a_client_without_traits_answers_absent_keys(void)
{
	struct pair p = connect_pair(loopback(), NULL, 0);

	CHECK(has(p.client, 4, 0, NULL));
	close_pair(&p);
}

static void get_in_any_order(void)
{
	const int keys[] = { 60, 30, 1 };
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got[3];

	for (int i = 0; i < 3; i++)
		got[i] = trait(keys[i], 0, NULL);
	CHECK(get_traits(p.accepted, &n, got, 3) == 0);
	for (int i = 0; i < 3; i++)
		CHECK(is_of_three(&got[i], keys[i]));
	close_pair(&p);
}

static void get_of_any_number_sparse_and_repeated(void)
{
	const int keys[] = { 30, 2, 1, 60, 1, 0, 30 };
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got[7];

	for (size_t count = 1; count <= 7; count++) {
		for (size_t i = 0; i < count; i++)
			got[i] = trait(keys[i], 0, NULL);
		CHECK(get_traits(p.accepted, &n, got, count) == 0);
		for (size_t i = 0; i < count; i++)
			CHECK(is_of_three(&got[i], keys[i]));
	}
	close_pair(&p);
}

static void get_again_and_again_answers_the_same(void)
{
	struct pair p = connect_pair(loopback(), three, 3);

	for (int i = 0; i < 100; i++)
		CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 2, 0, NULL));
	close_pair(&p);
}

static void get_of_all_keys(void)
{
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got[PKT_TRAIT_KEYS];

	CHECK(get_all(p.accepted, &n, got) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		CHECK(is_of_three(&got[key], key));
	close_pair(&p);
}

static void get_of_more_elements_than_keys(void)
{
	struct pkt_trait got[200];
	struct pair p = connect_pair(loopback(), three, 3);

	for (int i = 0; i < 200; i++)
		got[i] = trait(i % PKT_TRAIT_KEYS, 0, NULL);
	if (polyfill) { /* BPF sees one page of the buffer */
		CHECK_ERRNO(get_traits(p.accepted, &n, got, PKT_TRAIT_KEYS + 1), EINVAL);
	} else {
		CHECK(get_traits(p.accepted, &n, got, 200) == 0);
		for (int i = 0; i < 200; i++)
			CHECK(is_of_three(&got[i], i % PKT_TRAIT_KEYS));
	}
	close_pair(&p);
}

static void get_overwrites_what_an_earlier_get_left(void)
{
	const struct pkt_trait set = trait(4, 2, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct pkt_trait got[2] = { trait(4, 16, bytes), trait(5, 16, bytes) };

	got[0].io_err = EINVAL;
	CHECK(get_traits(p.accepted, &n, got, 2) == 0);
	CHECK(is(&got[0], 4, 2, bytes) && is(&got[1], 5, 0, NULL));
	close_pair(&p);
}

static void get_leaves_optlen_and_what_is_behind(void)
{
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got[3] = { trait(1, 0, NULL), trait(2, 0, NULL), trait(30, 16, bytes) };
	socklen_t len = 2 * sizeof(got[0]);

	CHECK(getsockopt(p.accepted, IPPROTO_TCP, n.syn, got, &len) == 0 && len == 2 * sizeof(got[0]));
	CHECK(is_of_three(&got[0], 1) && is_of_three(&got[1], 2) && is(&got[2], 30, 16, bytes));
	close_pair(&p);
}

static void get_of_a_bad_size_is_refused(int size)
{
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got[2] = { trait(1, 0, NULL), trait(30, 0, NULL) };
	socklen_t len = size;

	CHECK_ERRNO(getsockopt(p.accepted, IPPROTO_TCP, n.syn, got, &len), EINVAL);
	CHECK(is(&got[0], 1, 0, NULL) && is(&got[1], 30, 0, NULL));
	close_pair(&p);
}

static void get_at_a_bad_address_is_refused(void)
{
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got = trait(1, 0, NULL);
	socklen_t len = sizeof(got);

	CHECK_ERRNO(get_traits(p.accepted, &n, NULL, 1), EFAULT);
	CHECK_ERRNO(get_traits(p.accepted, &n, (void *)8, 1), EFAULT);
	/* BPF sees an unreadable size as 0. */
	CHECK_ERRNO(getsockopt(p.accepted, IPPROTO_TCP, n.syn, &got, NULL), polyfill ? EINVAL : EFAULT);
	CHECK_ERRNO(getsockopt(p.accepted, IPPROTO_TCP, n.syn, (void *)8, &len), EFAULT);
	CHECK(has(p.accepted, 1, 8, bytes));
	close_pair(&p);
}

static void get_of_a_bad_key_fails_that_element_alone(int key)
{
	struct pair p = connect_pair(loopback(), three, 3);
	struct pkt_trait got[] = { trait(1, 0, NULL), trait(key, 0, NULL), trait(60, 0, NULL), trait(key, 0, NULL) };
	struct pkt_trait failed = trait(key, 0, NULL);
	socklen_t len = sizeof(got);
	const int result = getsockopt(p.accepted, IPPROTO_TCP, n.syn, got, &len);

	failed.io_err = EINVAL;
	if (polyfill) /* the kernel does not copy the buffer out when BPF answers an error */
		CHECK(result == 0);
	else
		CHECK(result == -1 && errno == EIO);
	CHECK(len == sizeof(got));
	CHECK(is_of_three(&got[0], 1) && is_of_three(&got[2], 60));
	CHECK(!memcmp(&got[1], &failed, sizeof(failed)) && !memcmp(&got[3], &failed, sizeof(failed)));
	close_pair(&p);
}

static void what_get_returned_can_be_set_unchanged(void)
{
	struct pkt_trait set[8], got[PKT_TRAIT_KEYS], again[PKT_TRAIT_KEYS];
	struct pair p = connect_pair(loopback(), set, every_size(set)), q;

	CHECK(get_all(p.accepted, &n, got) == 0);
	q = connect_pair(loopback(), got, PKT_TRAIT_KEYS);
	CHECK(get_all(q.accepted, &n, again) == 0);
	CHECK(!memcmp(got, again, sizeof(got)));
	close_pair(&p);
	close_pair(&q);
}

#endif
