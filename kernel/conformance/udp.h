/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datagrams with traits, by sendmsg and recvmsg. A receive that waits in vain fails after a while.
 */
#ifndef UDP_H
#define UDP_H

#include <netinet/udp.h>

#include "alone.h"
#include "pair.h"

#define PATIENCE_SECONDS 10
#define ROOM 8192

/* The control messages of one sendmsg. */
struct control {
	size_t len;
	_Alignas(struct cmsghdr) __u8 bytes[ROOM];
};

/* What one recvmsg brought. */
struct datagram {
	ssize_t len;
	int flags;
	int messages; /* SCM_PKT_TRAITS */
	size_t raw_len;
	__u8 raw[ROOM];
	size_t count;
	struct pkt_trait traits[PKT_TRAIT_KEYS];
	int segment; /* of a UDP_GRO train */
	struct address from;
	char payload[65536];
};

struct udp {
	int in, out;
	struct address at;
};

static void control_add(struct control *c, int level, int type, const void *data, size_t len)
{
	struct cmsghdr *header = (struct cmsghdr *)(c->bytes + c->len);

	*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type };
	if (len)
		memcpy(CMSG_DATA(header), data, len);
	c->len += CMSG_SPACE(len);
}

static void control_traits(struct control *c, const struct pkt_trait *t, size_t count)
{
	control_add(c, SOL_SOCKET, SCM_PKT_TRAITS, t, count * sizeof(*t));
}

static ssize_t send_control(int fd, const struct address *to, const void *payload, size_t len, struct control *c, int flags)
{
	struct iovec data = { (void *)payload, len };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = c->len ? c->bytes : NULL,
			    .msg_controllen = c->len };

	if (to) {
		m.msg_name = (void *)&to->any;
		m.msg_namelen = to->len;
	}
	return sendmsg(fd, &m, flags);
}

static ssize_t send_traits(int fd, const struct address *to, const char *payload, const struct pkt_trait *t, size_t count)
{
	struct control c = { 0 };

	control_traits(&c, t, count);
	return send_control(fd, to, payload, strlen(payload), &c, 0);
}

static ssize_t send_plain(int fd, const struct address *to, const char *payload)
{
	struct control c = { 0 };

	return send_control(fd, to, payload, strlen(payload), &c, 0);
}

/* The store in the layout of RFC v1: two words of bits, then the values in key order. */
static bool decode_store(struct datagram *d)
{
	static const int sizes[] = { 0, 2, 4, 8 };
	__u64 words[2];
	size_t at = sizeof(words);

	if (d->raw_len < sizeof(words))
		return false;
	memcpy(words, d->raw, sizeof(words));
	for (int key = 0; key < PKT_TRAIT_KEYS; key++) {
		const int size = sizes[(words[0] >> key & 1) << 1 | (words[1] >> key & 1)];

		if (!size)
			continue;
		if (at + size > d->raw_len)
			return false;
		d->traits[d->count++] = trait(key, size, d->raw + at);
		at += size;
	}
	return true;
}

static bool decode_array(struct datagram *d)
{
	if (d->raw_len % sizeof(struct pkt_trait) || d->raw_len > sizeof(d->traits))
		return false;
	memcpy(d->traits, d->raw, d->raw_len);
	d->count = d->raw_len / sizeof(struct pkt_trait);
	return true;
}

static void decode(struct datagram *d, struct msghdr *m)
{
	d->flags = m->msg_flags;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == SOL_UDP && c->cmsg_type == UDP_GRO)
			memcpy(&d->segment, CMSG_DATA(c), sizeof(d->segment));
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_PKT_TRAITS)
			continue;
		d->messages++;
		d->raw_len = c->cmsg_len - CMSG_LEN(0);
		if (d->raw_len > sizeof(d->raw))
			d->raw_len = sizeof(d->raw);
		memcpy(d->raw, CMSG_DATA(c), d->raw_len);
	}
	/* What was cut off is not looked into. */
	if (d->messages && !(d->flags & MSG_CTRUNC) && !(store ? decode_store(d) : decode_array(d)))
		printf("# a message of %zu bytes cannot be decoded\n", d->raw_len);
}

/* With that much room for control messages. */
static const struct datagram *receive_in(int fd, int flags, size_t room)
{
	static struct datagram d;
	static _Alignas(struct cmsghdr) __u8 control[ROOM];
	struct iovec data = { d.payload, sizeof(d.payload) };
	struct msghdr m = { .msg_name = &d.from.any, .msg_namelen = sizeof(d.from.v6), .msg_iov = &data,
			    .msg_iovlen = 1, .msg_control = room ? control : NULL, .msg_controllen = room };

	memset(&d, 0, sizeof(d));
	d.len = recvmsg(fd, &m, flags);
	NEED(d.len >= 0);
	d.from.len = m.msg_namelen;
	if (d.len >= 0)
		decode(&d, &m);
	return &d;
}

static const struct datagram *receive(int fd)
{
	return receive_in(fd, 0, ROOM);
}

static bool says(const struct datagram *d, const char *payload)
{
	return d->len == (ssize_t)strlen(payload) && !memcmp(d->payload, payload, d->len);
}

/* One message, with these traits; they are given in key order. */
static bool brings(const struct datagram *d, const struct pkt_trait *t, size_t count)
{
	return d->messages == 1 && d->count == count && !(d->flags & MSG_CTRUNC) &&
	       !memcmp(d->traits, t, count * sizeof(*t));
}

static bool brings_none(const struct datagram *d)
{
	return d->messages == 0 && !(d->flags & MSG_CTRUNC);
}

static int set_receive(int fd, int on)
{
	return setsockopt(fd, SOL_SOCKET, SO_RCV_PKT_TRAITS, &on, sizeof(on));
}

static int receiver(struct address *at, int type, int protocol)
{
	const int fd = MUST(socket(at->any.sa_family, type | SOCK_CLOEXEC, protocol));
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };

	MUST(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)));
	MUST(bind(fd, &at->any, at->len));
	MUST(getsockname(fd, &at->any, &at->len));
	return fd;
}

/* `at` is where to send to. */
static struct udp udp_between(const char *listen_on, const char *send_to)
{
	struct address at = address_of(listen_on, 0);
	struct udp u = { .in = receiver(&at, SOCK_DGRAM, 0) };

	u.at = address_of(send_to, port_of(&at));
	NEED(set_receive(u.in, 1) == 0);
	u.out = MUST(socket(u.at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	return u;
}

static struct udp udp_at(const char *host)
{
	return udp_between(host, host);
}

static struct udp udp(void)
{
	return udp_at("127.0.0.1");
}

static void close_udp(const struct udp *u)
{
	close(u->in);
	close(u->out);
}

/* Whether what was sent last before this is not there. */
static bool nothing_was_sent(const struct udp *u)
{
	const struct datagram *d;

	NEED(send_plain(u->out, &u->at, "nothing before this") >= 0);
	d = receive(u->in);
	return says(d, "nothing before this") && brings_none(d);
}

#endif
