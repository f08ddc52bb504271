/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listener's own traits, and several connections or listeners at once.
 */
#ifndef LISTENER_CASES_H
#define LISTENER_CASES_H

#include <poll.h>

#include "network.h"
#include "pair.h"

static struct pair listener_with_own_traits(void)
{
	const struct pkt_trait own = trait(4, 4, bytes);
	struct pair p = { .at = loopback(), .accepted = -1, .client = tcp_socket(AF_INET) };

	p.listener = bound_socket(&p.at);
	CHECK(set_save(p.listener, &n, 1) == 0);
	CHECK(set_traits(p.listener, &n, &own, 1) == 0);
	MUST(listen(p.listener, 2));
	return p;
}

static void listener_reads_its_own_traits(void)
{
	struct pair p = listener_with_own_traits();

	CHECK(has(p.listener, 4, 4, bytes) && has(p.listener, 5, 0, NULL));
	close_pair(&p);
}

static void listeners_own_traits_are_not_inherited(void)
{
	const struct pkt_trait sent = trait(5, 4, bytes);
	struct pair p = listener_with_own_traits();

	CHECK(set_traits(p.client, &n, &sent, 1) == 0);
	join_pair(&p);
	CHECK(has(p.accepted, 4, 0, NULL) && has(p.accepted, 5, 4, bytes));
	CHECK(has(p.listener, 4, 4, bytes) && has(p.listener, 5, 0, NULL));
	close_pair(&p);
}

static void listeners_own_traits_are_not_given_to_a_connection_without(void)
{
	struct pair p = listener_with_own_traits();

	join_pair(&p);
	CHECK(has(p.accepted, 4, 0, NULL));
	close_pair(&p);
}

static void connections_are_not_mixed_up(void)
{
	struct address at = loopback();
	const int listener = saving_listener(&at, &n);
	int clients[64], accepted[64];

	for (int i = 0; i < 64; i++) {
		const struct pkt_trait set[] = { trait(i, 2, &i), trait(63 - i, 2, bytes + i % 14) };

		clients[i] = tcp_socket(AF_INET);
		if (i % 8)
			CHECK(set_traits(clients[i], &n, set, 2) == 0);
		MUST(connect(clients[i], &at.any, at.len));
	}
	for (int i = 0; i < 64; i++)
		accepted[i] = MUST(accept(listener, NULL, NULL));
	for (int i = 0; i < 64; i++) {
		CHECK(has(accepted[i], i, i % 8 ? 2 : 0, &i));
		CHECK(has(accepted[i], 63 - i, i % 8 ? 2 : 0, bytes + i % 14));
		CHECK(has(accepted[i], (i + 2) % 64, 0, NULL)); /* a neighbour's */
	}
	for (int i = 0; i < 64; i++) {
		close(clients[i]);
		close(accepted[i]);
	}
	close(listener);
}

static int reuseport_listener(struct address *at, int save)
{
	const int fd = tcp_socket(AF_INET), on = 1;

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)));
	MUST(bind(fd, &at->any, at->len));
	MUST(getsockname(fd, &at->any, &at->len));
	if (save)
		MUST(set_save(fd, &n, 1));
	MUST(listen(fd, 64));
	return fd;
}

static void reuseport_listener_that_saves_has_them(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listeners[] = { reuseport_listener(&at, 1), reuseport_listener(&at, 0), reuseport_listener(&at, 1) };
	int clients[32], accepted;
	struct pollfd ready[3];

	for (int i = 0; i < 3; i++)
		ready[i] = (struct pollfd){ .fd = listeners[i], .events = POLLIN };
	for (int i = 0; i < 32; i++) {
		clients[i] = tcp_socket(AF_INET);
		MUST(set_traits(clients[i], &n, &set, 1));
		MUST(connect(clients[i], &at.any, at.len));
	}
	for (int count = 0; count < 32;) {
		MUST(poll(ready, 3, -1));
		for (int i = 0; i < 3; i++) {
			if (!ready[i].revents)
				continue;
			accepted = MUST(accept(listeners[i], NULL, NULL));
			CHECK(i == 1 ? saved_nothing(accepted) : has(accepted, 4, 4, bytes));
			close(accepted);
			count++;
		}
	}
	for (int i = 0; i < 32; i++)
		close(clients[i]);
	for (int i = 0; i < 3; i++)
		close(listeners[i]);
}

/* Connections that wait in the queue of a listener that is closed go to another of the group. */
static void connection_that_moved_to_another_listener_has_them(void)
{
	struct address at = loopback();
	int listeners[2], clients[16], accepted;

	own_network();
	sysctl("/proc/sys/net/ipv4/tcp_migrate_req", "1");
	listeners[0] = reuseport_listener(&at, 1);
	listeners[1] = reuseport_listener(&at, 1);
	for (int i = 0; i < 16; i++) {
		const struct pkt_trait set = trait(i, 4, bytes);

		clients[i] = tcp_socket(AF_INET);
		MUST(set_traits(clients[i], &n, &set, 1));
		MUST(connect(clients[i], &at.any, at.len));
	}
	close(listeners[0]);
	for (int i = 0; i < 16; i++) {
		struct address from = { .len = sizeof(from.v6) }, client = from;
		int sender = 0;

		accepted = MUST(accept(listeners[1], &from.any, &from.len));
		for (int j = 0; j < 16; j++) {
			MUST(getsockname(clients[j], &client.any, &client.len));
			if (port_of(&client) == port_of(&from))
				sender = j;
		}
		CHECK(has(accepted, sender, 4, bytes));
		close(accepted);
	}
	close(listeners[1]);
}

#endif
