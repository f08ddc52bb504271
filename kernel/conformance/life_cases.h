/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traits over the life of a socket: disconnect, failed connect, reset, end of the connection.
 */
#ifndef LIFE_CASES_H
#define LIFE_CASES_H

#include "network.h"
#include "pair.h"

static void disconnect_clears_what_was_saved(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK(has(p.accepted, 4, 4, bytes));
	disconnect(p.accepted);
	CHECK(has(p.accepted, 4, 0, NULL));
	close_pair(&p);
}

static void disconnect_clears_what_was_set(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	disconnect(p.client);
	CHECK(has(p.client, 4, 0, NULL));
	close(p.accepted);
	join_pair(&p);
	CHECK(has(p.accepted, 4, 0, NULL));
	close_pair(&p);
}

static void disconnected_socket_can_be_set_again(void)
{
	const struct pkt_trait set = trait(4, 4, bytes), next[] = { trait(4, 8, bytes), trait(5, 4, bytes) };
	struct pair p = connect_pair(loopback(), &set, 1);

	disconnect(p.client);
	CHECK(set_traits(p.client, &n, next, 2) == 0); /* not EBUSY either */
	CHECK(has(p.client, 4, 8, bytes) && has(p.client, 5, 4, bytes));
	close(p.accepted);
	join_pair(&p);
	CHECK(has(p.accepted, 4, 8, bytes) && has(p.accepted, 5, 4, bytes));
	close_pair(&p);
}

static void refused_connect_clears_what_was_set(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address nobody = loopback();
	const int bound = bound_socket(&nobody), client = tcp_socket(AF_INET);

	CHECK(set_traits(client, &n, &set, 1) == 0);
	CHECK_ERRNO(connect(client, &nobody.any, nobody.len), ECONNREFUSED);
	CHECK(has(client, 4, 0, NULL));
	close(client);
	close(bound);
}

static void set_after_a_refused_connect_is_sent(void)
{
	const struct pkt_trait first = trait(4, 4, bytes), second = trait(4, 2, bytes);
	struct address nobody = loopback();
	const int bound = bound_socket(&nobody);
	struct pair p = listen_pair(loopback(), 1);

	CHECK(set_traits(p.client, &n, &first, 1) == 0);
	CHECK_ERRNO(connect(p.client, &nobody.any, nobody.len), ECONNREFUSED);
	CHECK(set_traits(p.client, &n, &second, 1) == 0);
	join_pair(&p);
	CHECK(has(p.accepted, 4, 2, bytes));
	close(bound);
	close_pair(&p);
}

/* No SYN was made, and the kernel did not disconnect. */
static void connect_without_a_route_keeps_what_was_set(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	const struct address nowhere = address_of("192.0.2.1", 7);
	struct pair p;

	own_network();
	p = listen_pair(loopback(), 1);
	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	CHECK_ERRNO(connect(p.client, &nowhere.any, nowhere.len), ENETUNREACH);
	CHECK(has(p.client, 4, 4, bytes));
	join_pair(&p);
	CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

static void reset_by_peer(struct pair *p)
{
	const struct linger now = { .l_onoff = 1 };

	MUST(setsockopt(p->client, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	close(p->client);
	p->client = -1;
}

static void reset_connection_stays_readable(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	char byte;

	reset_by_peer(&p);
	CHECK_ERRNO(read(p.accepted, &byte, 1), ECONNRESET);
	CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

static void connection_reset_before_accept_is_readable(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 1);

	CHECK(set_traits(p.client, &n, &set, 1) == 0);
	MUST(connect(p.client, &p.at.any, p.at.len));
	reset_by_peer(&p);
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(p.accepted, 4, 4, bytes) && has(p.accepted, 5, 0, NULL));
	close_pair(&p);
}

static void finished_connection_stays_readable(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	char byte;

	CHECK(shutdown(p.client, SHUT_RDWR) == 0);
	CHECK(read(p.accepted, &byte, 1) == 0);
	CHECK(has(p.accepted, 4, 4, bytes));
	CHECK(shutdown(p.accepted, SHUT_RDWR) == 0);
	CHECK(has(p.accepted, 4, 4, bytes) && has(p.client, 4, 4, bytes));
	close_pair(&p);
}

static void traits_outlive_data_and_the_listener(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	char block[4096] = { 1 };

	for (int i = 0; i < 64; i++) {
		CHECK(send(p.client, block, sizeof(block), 0) == sizeof(block));
		CHECK(recv(p.accepted, block, sizeof(block), MSG_WAITALL) == sizeof(block));
		CHECK(send(p.accepted, block, 1, 0) == 1 && recv(p.client, block, 1, 0) == 1);
	}
	close(p.listener);
	p.listener = -1;
	CHECK(has(p.accepted, 4, 4, bytes) && has(p.client, 4, 4, bytes));
	close_pair(&p);
}

#endif
