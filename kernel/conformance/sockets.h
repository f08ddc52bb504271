/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP sockets with traits, by the raw system calls. What cannot fail in a sane test ends the
 * process when it does.
 */
#ifndef SOCKETS_H
#define SOCKETS_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../bpf/pkt_traits.h"

/* Level SOL_TCP. */
struct numbers {
	int save;
	int syn;
};

struct address {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};

static const char *must_says = "Bail out!";

static inline int must(int result, const char *what)
{
	if (result < 0) {
		printf("%s %s: %s\n", must_says, what, strerror(errno));
		exit(1);
	}
	return result;
}

#define MUST(call) must(call, #call)

static inline struct address address_of(const char *host, int port)
{
	struct address a = { .len = sizeof(a.v4), .v4 = { .sin_family = AF_INET, .sin_port = htons(port) } };

	if (inet_pton(AF_INET, host, &a.v4.sin_addr) == 1)
		return a;
	a.len = sizeof(a.v6);
	a.v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(port) };
	MUST(inet_pton(AF_INET6, host, &a.v6.sin6_addr) - 1);
	return a;
}

static inline int port_of(const struct address *a)
{
	return ntohs(a->any.sa_family == AF_INET ? a->v4.sin_port : a->v6.sin6_port);
}

static inline int tcp_socket(int family)
{
	return MUST(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static inline int bound_socket(struct address *at)
{
	const int fd = tcp_socket(at->any.sa_family), on = 1;

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	MUST(bind(fd, &at->any, at->len));
	MUST(getsockname(fd, &at->any, &at->len));
	return fd;
}

static inline int set_save(int fd, const struct numbers *n, int on)
{
	return setsockopt(fd, IPPROTO_TCP, n->save, &on, sizeof(on));
}

/* A listener that saves; the address gets the port. */
static inline int saving_listener(struct address *at, const struct numbers *n)
{
	const int fd = bound_socket(at);

	MUST(set_save(fd, n, 1));
	MUST(listen(fd, 128));
	return fd;
}

static inline struct pkt_trait trait(int key, int len, const void *val)
{
	struct pkt_trait t = { .key = key, .len = len };

	if (len != PKT_TRAIT_FLAG && val)
		memcpy(t.val, val, len);
	return t;
}

static inline int set_traits(int fd, const struct numbers *n, const struct pkt_trait *t, size_t count)
{
	return setsockopt(fd, IPPROTO_TCP, n->syn, t, count * sizeof(*t));
}

static inline int get_traits(int fd, const struct numbers *n, struct pkt_trait *t, size_t count)
{
	socklen_t len = count * sizeof(*t);

	return getsockopt(fd, IPPROTO_TCP, n->syn, t, &len);
}

/* All 64 keys, absent ones with len 0. */
static inline int get_all(int fd, const struct numbers *n, struct pkt_trait t[PKT_TRAIT_KEYS])
{
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		t[key] = trait(key, 0, NULL);
	return get_traits(fd, n, t, PKT_TRAIT_KEYS);
}

static inline int value_size(int len)
{
	return len == PKT_TRAIT_FLAG ? 0 : len;
}

#endif
