/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener, a client with traits, and the socket accepted from it; and what the kernel is.
 */
#ifndef PAIR_H
#define PAIR_H

#include <stdbool.h>

#include "sockets.h"
#include "tap.h"

static struct numbers n = { TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS };
static bool polyfill = true;

static const __u8 bytes[16] = { 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
				0x38, 0x49, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf };

struct pair {
	int listener, client, accepted;
	struct address at;
};

static struct address loopback(void)
{
	return address_of("127.0.0.1", 0);
}

static struct pair connect_pair(struct address at, const struct pkt_trait *t, size_t count)
{
	struct pair p = { .at = at };

	p.listener = saving_listener(&p.at, &n);
	p.client = tcp_socket(p.at.any.sa_family);
	if (count)
		MUST(set_traits(p.client, &n, t, count));
	MUST(connect(p.client, &p.at.any, p.at.len));
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	return p;
}

static void close_pair(const struct pair *p)
{
	close(p->client);
	close(p->accepted);
	close(p->listener);
}

static bool is(const struct pkt_trait *t, int key, int len, const void *val)
{
	const struct pkt_trait expected = trait(key, len, val);

	return !memcmp(t, &expected, sizeof(expected));
}

static struct pkt_trait get_one(int fd, int key)
{
	struct pkt_trait t = trait(key, 0, NULL);

	CHECK(get_traits(fd, &n, &t, 1) == 0);
	return t;
}

static bool has(int fd, int key, int len, const void *val)
{
	const struct pkt_trait t = get_one(fd, key);

	return is(&t, key, len, val);
}

static void disconnect(int fd)
{
	const struct sockaddr unspec = { .sa_family = AF_UNSPEC };

	CHECK(connect(fd, &unspec, sizeof(unspec)) == 0);
}

#endif
