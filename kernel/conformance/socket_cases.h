/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options that are no traits, and traits over the life of a socket.
 */
#ifndef SOCKET_CASES_H
#define SOCKET_CASES_H

#include <linux/tcp.h>

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

static int get_save(int fd)
{
	int on = -1;
	socklen_t len = sizeof(on);

	CHECK(getsockopt(fd, IPPROTO_TCP, n.save, &on, &len) == 0 && len == sizeof(on));
	return on;
}

static void save_toggles_and_reads_back(void)
{
	const int fd = tcp_socket(AF_INET);

	CHECK(get_save(fd) == 0);
	CHECK(set_save(fd, &n, 1) == 0 && get_save(fd) == 1);
	CHECK(set_save(fd, &n, 0) == 0 && get_save(fd) == 0);
	close(fd);
}

static void save_of_another_value_is_refused(void)
{
	const int fd = tcp_socket(AF_INET), on = 1;

	CHECK_ERRNO(set_save(fd, &n, 2), EINVAL);
	CHECK_ERRNO(set_save(fd, &n, -1), EINVAL);
	CHECK_ERRNO(set_save(fd, &n, 256), EINVAL);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.save, &on, 3), EINVAL);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.save, &on, 0), EINVAL);
	CHECK(get_save(fd) == 0);
	close(fd);
}

static void saving_can_be_switched_on_while_listening(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET);
	int accepted;

	MUST(listen(listener, 1));
	CHECK(set_save(listener, &n, 1) == 0);
	CHECK(set_traits(client, &n, &set, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 4, bytes));
	close(client);
	close(accepted);
	close(listener);
}

static void disconnect_clears(void)
{
	const struct pkt_trait set = trait(4, 4, bytes), next = trait(5, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct address at = p.at;
	int again;

	disconnect(p.accepted);
	CHECK(has(p.accepted, 4, 0, NULL));
	disconnect(p.client);
	CHECK(has(p.client, 4, 0, NULL));
	CHECK(set_traits(p.client, &n, &next, 1) == 0);
	CHECK(has(p.client, 4, 0, NULL) && has(p.client, 5, 4, bytes));
	MUST(connect(p.client, &at.any, at.len));
	again = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(again, 4, 0, NULL) && has(again, 5, 4, bytes));
	disconnect(p.client);
	MUST(connect(p.client, &at.any, at.len)); /* nothing was set since */
	close(again);
	again = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(again, 4, 0, NULL) && has(again, 5, 0, NULL));
	close(again);
	close_pair(&p);
}

static void reset_connection_stays_readable(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	const struct linger now = { .l_onoff = 1 };
	char byte;

	MUST(setsockopt(p.client, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	close(p.client);
	CHECK_ERRNO(read(p.accepted, &byte, 1), ECONNRESET);
	CHECK(has(p.accepted, 4, 4, bytes));
	p.client = -1;
	close_pair(&p);
}

static void listener_keeps_its_own_traits_to_itself(void)
{
	const struct pkt_trait own = trait(4, 4, bytes), sent = trait(5, 4, bytes);
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET), silent = tcp_socket(AF_INET);
	int accepted;

	CHECK(set_save(listener, &n, 1) == 0);
	CHECK(set_traits(listener, &n, &own, 1) == 0);
	MUST(listen(listener, 2));
	CHECK(set_traits(client, &n, &sent, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 0, NULL) && has(accepted, 5, 4, bytes));
	close(accepted);
	MUST(connect(silent, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 0, NULL) && has(accepted, 5, 0, NULL));
	close(accepted);
	close(client);
	close(silent);
	close(listener);
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

#endif
