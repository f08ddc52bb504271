/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the polyfill has beside the API, and what it must not disturb.
 */
#ifndef POLYFILL_CASES_H
#define POLYFILL_CASES_H

#include <netinet/tcp.h>
#include <sys/mman.h>

#include "pair.h"

static void abi_version_is_1(void)
{
	const int fd = tcp_socket(AF_INET);
	int version = 0;
	socklen_t len = sizeof(version);

	CHECK(getsockopt(fd, IPPROTO_TCP, TRAITS_ABI, &version, &len) == 0);
	CHECK(version == 1 && len == sizeof(version));
	len = 3;
	CHECK_ERRNO(getsockopt(fd, IPPROTO_TCP, TRAITS_ABI, &version, &len), EINVAL);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, TRAITS_ABI, &version, sizeof(version)), ENOPROTOOPT);
	close(fd);
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

static void applications_own_saved_syn_is_left_alone(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET), two = 2;
	__u8 syn[256];
	socklen_t len = sizeof(syn);
	int accepted, save = 0;
	socklen_t int_len = sizeof(save);

	MUST(setsockopt(listener, IPPROTO_TCP, TCP_SAVE_SYN, &two, sizeof(two)));
	CHECK(set_save(listener, &n, 1) == 0);
	MUST(listen(listener, 1));
	CHECK(getsockopt(listener, IPPROTO_TCP, TCP_SAVE_SYN, &save, &int_len) == 0 && save == 2);
	CHECK(set_traits(client, &n, &set, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(getsockopt(accepted, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len) == 0);
	CHECK(len > 54 && syn[14] == 0x45); /* Ethernet header, then IPv4 */
	CHECK(has(accepted, 4, 4, bytes));
	CHECK(set_save(listener, &n, 0) == 0);
	CHECK(getsockopt(listener, IPPROTO_TCP, TCP_SAVE_SYN, &save, &int_len) == 0 && save == 2);
	close(client);
	close(accepted);
	close(listener);
}

static void other_options_behave_as_ever(void)
{
	const int tcp = tcp_socket(AF_INET), udp = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	const int local = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
	static char page[8192];
	int value = 1;
	socklen_t len = sizeof(value);

	CHECK(setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, len) == 0);
	value = 0;
	CHECK(getsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, &len) == 0 && value == 1 && len == sizeof(value));
	value = 20000;
	memcpy(page, &value, sizeof(value));
	CHECK(setsockopt(tcp, SOL_SOCKET, SO_RCVBUF, page, sizeof(page)) == 0);
	memset(page, 0x55, sizeof(page));
	len = sizeof(page);
	CHECK(getsockopt(tcp, SOL_SOCKET, SO_RCVBUF, page, &len) == 0 && len == sizeof(value));
	memcpy(&value, page, sizeof(value));
	CHECK(value == 40000 && page[4] == 0x55);
	len = sizeof(value);
	CHECK_ERRNO(setsockopt(tcp, IPPROTO_TCP, TRAITS_ABI + 3, &value, len), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(tcp, IPPROTO_TCP, TRAITS_ABI + 3, &value, &len), ENOPROTOOPT);
	CHECK_ERRNO(setsockopt(tcp, IPPROTO_IP, TCP_SYN_TRAITS, &value, len), ENOPROTOOPT);
	CHECK_ERRNO(setsockopt(udp, IPPROTO_TCP, TCP_SYN_TRAITS, &value, len), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(udp, IPPROTO_TCP, TRAITS_ABI, &value, &len), EOPNOTSUPP);
	CHECK_ERRNO(getsockopt(local, IPPROTO_TCP, TRAITS_ABI, &value, &len), EOPNOTSUPP);
	close(tcp);
	close(udp);
	close(local);
}

static void flag_arrives(void)
{
	const struct pkt_trait set[] = { trait(7, PKT_TRAIT_FLAG, NULL), trait(8, 2, bytes) };
	struct pair p = connect_pair(loopback(), set, 2);

	CHECK(has(p.accepted, 7, PKT_TRAIT_FLAG, NULL) && has(p.accepted, 8, 2, bytes));
	close_pair(&p);
}

static void flag_takes_no_room(void)
{
	struct pkt_trait set[TOO_MANY];
	const int fd = tcp_socket(AF_INET);

	too_many(set);
	set[TOO_MANY - 1] = trait(40, PKT_TRAIT_FLAG, NULL);
	CHECK(set_traits(fd, &n, set, TOO_MANY) == 0);
	CHECK(has(fd, 40, PKT_TRAIT_FLAG, NULL));
	close(fd);
}

#endif
