/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets with traits by the RFC's numbers, and the system around them.
 */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include <stdarg.h>
#include <stdbool.h>
#include <sys/uio.h>

#include "../../conformance/sockets.h"
#include "../../conformance/tap.h"

#define SO_RCV_PKT_TRAITS 82
#define SCM_PKT_TRAITS 83

static const struct numbers rfc = { .save = 44, .syn = 45 };

static const __u8 bytes[16] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
				0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xf0, 0x01 };

/* What recvmsg said; count is -1 without SCM_PKT_TRAITS. */
struct received {
	ssize_t length;
	int count;
	int flags;
	struct pkt_trait traits[PKT_TRAIT_KEYS];
};

static inline void run(const char *format, ...)
{
	char command[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	if (system(command)) {
		printf("Bail out! failed: %s\n", command);
		exit(1);
	}
}

static inline int receiving(int fd)
{
	const int on = 1;
	const struct timeval patience = { .tv_sec = 20 };

	MUST(setsockopt(fd, SOL_SOCKET, SO_RCV_PKT_TRAITS, &on, sizeof(on)));
	MUST(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)));
	return fd;
}

/* A UDP socket that delivers traits; the address gets the port. */
static inline int udp_receiver(struct address *at)
{
	const int fd = receiving(MUST(socket(at->any.sa_family, SOCK_DGRAM, 0)));

	MUST(bind(fd, &at->any, at->len));
	MUST(getsockname(fd, &at->any, &at->len));
	return fd;
}

static inline ssize_t send_with(int fd, const struct address *to, const void *data, size_t length,
				const struct pkt_trait *t, size_t count, int flags)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(PKT_TRAIT_KEYS * sizeof(*t))];
	} control = { .header = { .cmsg_len = CMSG_LEN(count * sizeof(*t)), .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_PKT_TRAITS } };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = length };
	struct msghdr msg = { .msg_name = (void *)to, .msg_namelen = to ? to->len : 0, .msg_iov = &iov, .msg_iovlen = 1 };

	if (to)
		msg.msg_name = (void *)&to->any;
	if (count) {
		memcpy(CMSG_DATA(&control.header), t, count * sizeof(*t));
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(count * sizeof(*t));
	}
	return sendmsg(fd, &msg, flags);
}

static inline struct received receive(int fd, void *data, size_t length)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(PKT_TRAIT_KEYS * sizeof(struct pkt_trait))];
	} control;
	struct iovec iov = { .iov_base = data, .iov_len = length };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct received r = { .count = -1 };

	r.length = recvmsg(fd, &msg, 0);
	r.flags = msg.msg_flags;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); r.length >= 0 && c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_PKT_TRAITS)
			continue;
		r.count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(struct pkt_trait);
		memcpy(r.traits, CMSG_DATA(c), r.count * sizeof(struct pkt_trait));
	}
	return r;
}

static inline bool same(const struct received *r, const struct pkt_trait *t, int count)
{
	return r->count == count && !memcmp(r->traits, t, count * sizeof(*t));
}

/* The accepted socket's, by a dump. */
static inline struct received dump(int fd)
{
	struct received r = { .traits = { { .key = 0xff } } };
	socklen_t len = sizeof(r.traits);

	r.length = getsockopt(fd, IPPROTO_TCP, rfc.syn, r.traits, &len);
	r.count = len / sizeof(struct pkt_trait);
	return r;
}

#endif
