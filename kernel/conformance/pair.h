/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener, a client with traits, and the socket accepted from it.
 */
#ifndef PAIR_H
#define PAIR_H

#include "sockets.h"
#include "subject.h"
#include "tap.h"
#include "values.h"

struct pair {
	int listener, client, accepted;
	struct address at;
};

static struct address loopback(void)
{
	return address_of("127.0.0.1", 0);
}

/* Not connected yet. */
static struct pair listen_pair(struct address at, int save)
{
	struct pair p = { .at = at, .accepted = -1 };

	p.listener = bound_socket(&p.at);
	if (save)
		MUST(set_save(p.listener, &n, 1));
	MUST(listen(p.listener, 128));
	p.client = tcp_socket(p.at.any.sa_family);
	return p;
}

static void join_pair(struct pair *p)
{
	MUST(connect(p->client, &p->at.any, p->at.len));
	p->accepted = MUST(accept(p->listener, NULL, NULL));
}

static struct pair connect_pair(struct address at, const struct pkt_trait *t, size_t count)
{
	struct pair p = listen_pair(at, 1);

	if (count)
		MUST(set_traits(p.client, &n, t, count));
	join_pair(&p);
	return p;
}

static void close_pair(const struct pair *p)
{
	close(p->client);
	close(p->accepted);
	close(p->listener);
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

/* The listener did not save: no elements. */
static bool saved_nothing(int fd)
{
	struct pkt_trait got[2] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	socklen_t len = sizeof(got);

	CHECK(getsockopt(fd, IPPROTO_TCP, n.syn, got, &len) == 0);
	if (polyfill) /* to the kernel, a BPF program that sets optlen 0 has left it as it was */
		return len == sizeof(got) && is(&got[0], 4, 0, NULL) && is(&got[1], 5, 0, NULL);
	return len == 0;
}

static bool reads(int fd, const char *expected)
{
	char got[64];

	return recv(fd, got, strlen(expected), MSG_WAITALL) == (ssize_t)strlen(expected) &&
	       !memcmp(got, expected, strlen(expected));
}

static void disconnect(int fd)
{
	const struct sockaddr unspec = { .sa_family = AF_UNSPEC };

	CHECK(connect(fd, &unspec, sizeof(unspec)) == 0);
}

#endif
