/* SPDX-License-Identifier: Apache-2.0 */
/*
 * getsockopt(TCP_SYN_TRAITS).
 */
#ifndef GET_CASES_H
#define GET_CASES_H

#include <sys/mman.h>

#include "pair.h"

static void get_when_saving_was_off_has_no_elements(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pkt_trait got[2] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET);
	socklen_t len = sizeof(got);
	int accepted;

	MUST(listen(listener, 1));
	CHECK(set_traits(client, &n, &set, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(getsockopt(accepted, IPPROTO_TCP, n.syn, got, &len) == 0);
	if (polyfill) /* BPF cannot answer optlen 0 */
		CHECK(len == sizeof(got) && is(&got[0], 4, 0, NULL) && is(&got[1], 5, 0, NULL));
	else
		CHECK(len == 0);
	close(client);
	close(accepted);
	close(listener);
}

static void get_of_absent_key_is_not_an_error(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair with = connect_pair(loopback(), &set, 1), without = connect_pair(loopback(), NULL, 0);

	CHECK(has(with.accepted, 5, 0, NULL));
	CHECK(has(without.accepted, 4, 0, NULL));
	close_pair(&with);
	close_pair(&without);
}

static void get_takes_any_number_of_keys_in_any_order(void)
{
	const struct pkt_trait set[] = { trait(60, 2, bytes), trait(1, 8, bytes), trait(30, 4, bytes) };
	const int keys[] = { 30, 2, 1, 60, 1, 0, 30 };
	struct pair p = connect_pair(loopback(), set, 3);
	struct pkt_trait got[7];

	for (size_t count = 1; count <= 7; count++) {
		for (size_t i = 0; i < count; i++)
			got[i] = trait(keys[i], 0, NULL);
		CHECK(get_traits(p.accepted, &n, got, count) == 0);
		for (size_t i = 0; i < count; i++) {
			const int len = keys[i] == 60 ? 2 : keys[i] == 1 ? 8 : keys[i] == 30 ? 4 : 0;

			CHECK(is(&got[i], keys[i], len, bytes));
		}
	}
	close_pair(&p);
}

static void get_overwrites_what_an_earlier_get_left(void)
{
	const struct pkt_trait set = trait(4, 2, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct pkt_trait got[2] = { trait(4, 16, bytes), trait(5, 16, bytes) };

	CHECK(get_traits(p.accepted, &n, got, 2) == 0);
	CHECK(is(&got[0], 4, 2, bytes) && is(&got[1], 5, 0, NULL));
	close_pair(&p);
}

static void get_with_a_bad_size_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct pkt_trait got[2] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	const socklen_t sizes[] = { 0, 1, 8, 23, 25, 47 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		socklen_t len = sizes[i];

		CHECK_ERRNO(getsockopt(p.accepted, IPPROTO_TCP, n.syn, got, &len), EINVAL);
	}
	close_pair(&p);
}

static void get_of_a_bad_key_fails_that_element_alone(void)
{
	const struct pkt_trait set[] = { trait(4, 4, bytes), trait(6, 2, bytes) };
	struct pair p = connect_pair(loopback(), set, 2);
	struct pkt_trait got[] = { trait(4, 0, NULL), trait(64, 0, NULL), trait(6, 0, NULL) };
	const int result = get_traits(p.accepted, &n, got, 3);

	if (polyfill) /* the kernel does not copy the buffer out when BPF answers an error */
		CHECK(result == 0);
	else
		CHECK(result == -1 && errno == EIO);
	CHECK(is(&got[0], 4, 4, bytes) && is(&got[2], 6, 2, bytes));
	CHECK(got[1].key == 64 && got[1].len == 0 && got[1].io_err == EINVAL);
	close_pair(&p);
}

static void get_reads_keys_only_where_they_are(void)
{
	struct pkt_trait *got = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK(got != MAP_FAILED);
	CHECK_ERRNO(get_traits(p.accepted, &n, NULL, 1), EFAULT);
	/* No page is there yet: all keys in order need no input, a single key does. */
	CHECK_ERRNO(get_traits(p.accepted, &n, got, 1), EFAULT);
	CHECK(get_traits(p.accepted, &n, got, PKT_TRAIT_KEYS) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		CHECK(is(&got[key], key, key == 4 ? 4 : 0, bytes));
	munmap(got, 8192);
	close_pair(&p);
}

#endif
