/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests to rtnetlink.
 */
#ifndef NETLINK_H
#define NETLINK_H

#include <linux/rtnetlink.h>

#include "sockets.h"

struct request {
	struct nlmsghdr head;
	char rest[512];
};

static inline struct request request(int type, int flags, const void *body, size_t len)
{
	struct request r = { .head = { .nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
				       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags } };

	memcpy(NLMSG_DATA(&r.head), body, len);
	return r;
}

/* Returns the attribute, for others to be nested in it until attribute_end. */
static inline struct rtattr *attribute(struct request *r, int type, const void *data, size_t len)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(a), data, len);
	r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

static inline void attribute_end(struct request *r, struct rtattr *a)
{
	a->rta_len = (char *)r + r->head.nlmsg_len - (char *)a;
}

static inline void ask(const struct request *r, const char *what)
{
	const int fd = MUST(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[1024];
	} answer = { 0 };

	MUST(send(fd, r, r->head.nlmsg_len, 0));
	MUST(recv(fd, &answer, sizeof(answer), 0));
	errno = -answer.error.error;
	must(answer.error.error, what);
	close(fd);
}

#endif
