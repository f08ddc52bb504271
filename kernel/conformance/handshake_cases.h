/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handshakes that are not the plain three segments.
 */
#ifndef HANDSHAKE_CASES_H
#define HANDSHAKE_CASES_H

#include <net/if_arp.h>
#include <netinet/tcp.h>
#include <poll.h>

#include "pair.h"
#include "segment_cases.h"
#include "set_error_cases.h"
#include "udp.h"
#include "veth.h"

#define SYNCOOKIES "/proc/sys/net/ipv4/tcp_syncookies"
#define FASTOPEN "/proc/sys/net/ipv4/tcp_fastopen"

static void syn_cookie_connection_has_no_traits(const char *at)
{
	struct pair p;

	own_network();
	sysctl(SYNCOOKIES, "2");
	p = connect_pair(address_of(at, 0), three, 3);
	CHECK(has(p.accepted, 1, 0, NULL) && has(p.accepted, 30, 0, NULL));
	CHECK(has(p.client, 1, 8, bytes));
	close_pair(&p);
}

static void connection_after_one_by_syn_cookie_has_its_own(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p;
	int cookie;

	own_network();
	sysctl(SYNCOOKIES, "2");
	p = connect_pair(loopback(), three, 3);
	cookie = p.accepted;
	close(p.client);
	sysctl(SYNCOOKIES, "1");
	p.client = tcp_socket(AF_INET);
	MUST(set_traits(p.client, &n, &set, 1));
	join_pair(&p);
	CHECK(has(cookie, 4, 0, NULL) && has(cookie, 1, 0, NULL));
	CHECK(has(p.accepted, 4, 4, bytes) && has(p.accepted, 1, 0, NULL));
	close(cookie);
	close_pair(&p);
}

/* The first SYN of `client` finds the listener's queue full. */
static void retransmitted_syn_carries_the_same(void)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	struct pollfd done;
	int first;
	struct pair p = pair_that_waits(&first);

	CHECK(set_traits(p.client, &n, three, 3) == 0);
	CHECK_ERRNO(connect(p.client, &p.at.any, p.at.len), EINPROGRESS);
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(p.accepted, 1, 0, NULL));
	close(p.accepted);
	done = (struct pollfd){ .fd = p.client, .events = POLLOUT };
	MUST(poll(&done, 1, -1));
	MUST(getsockopt(p.client, IPPROTO_TCP, TCP_INFO, &info, &len));
	CHECK(info.tcpi_total_retrans > 0);
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 30, 4, bytes) && has(p.accepted, 60, 2, bytes));
	close(first);
	close_pair(&p);
}

/* What `far` sends to `near` goes to a hardware address that nobody has, or no longer. */
static void lose_answers(const struct veth *v, bool lose)
{
	const struct address to = address_of(NEAR_4, 0);
	struct arpreq neighbour = { .arp_ha.sa_data = { 2, 0, 0, 0, 0, 9 }, .arp_flags = ATF_COM | ATF_PERM,
				    .arp_dev = "veth" };
	int fd;

	enter(v->far);
	fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	neighbour.arp_ha.sa_family = ARPHRD_ETHER;
	memcpy(&neighbour.arp_pa, &to.v4, sizeof(to.v4));
	MUST(ioctl(fd, lose ? SIOCSARP : SIOCDARP, &neighbour));
	close(fd);
	enter(v->near);
}

/* The listener is in `far`; the client hears nothing of the SYN|ACK. */
static struct pair pair_with_a_pending_request(const struct veth *v)
{
	struct pair p;

	lose_answers(v, true);
	enter(v->far);
	p = listen_pair(address_of(FAR_4, 0), 1);
	close(p.client);
	enter(v->near);
	p.client = tcp_socket(AF_INET);
	MUST(fcntl(p.client, F_SETFL, O_NONBLOCK));
	CHECK(set_traits(p.client, &n, three, 3) == 0);
	CHECK_ERRNO(connect(p.client, &p.at.any, p.at.len), EINPROGRESS);
	return p;
}

static void accept_pending(const struct veth *v, struct pair *p)
{
	lose_answers(v, false);
	p->accepted = MUST(accept(p->listener, NULL, NULL));
	CHECK(has(p->accepted, 1, 8, bytes) && has(p->accepted, 30, 4, bytes) && has(p->accepted, 60, 2, bytes));
}

static void syn_that_comes_again_changes_nothing(void)
{
	const struct veth v = own_veth();
	struct pair p = pair_with_a_pending_request(&v);
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	while (!info.tcpi_total_retrans) {
		usleep(10000);
		MUST(getsockopt(p.client, IPPROTO_TCP, TCP_INFO, &info, &len));
	}
	CHECK(info.tcpi_state == TCP_SYN_SENT);
	accept_pending(&v, &p);
	close_pair(&p);
}

/* The same SYN, but for its traits. */
static void first_syn_counts(void)
{
	const struct pkt_trait other = trait(30, 4, bytes + 5);
	const struct veth v = own_veth();
	const struct address to = address_of(FAR_4, 0);
	struct control c = { 0 };
	struct segment s;
	struct pair p;
	int in, out, on = 1;

	out = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_TCP));
	MUST(setsockopt(out, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)));
	enter(v.far);
	in = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_TCP));
	enter(v.near);
	p = pair_with_a_pending_request(&v);
	NEED(read_segment(in, &s) && s.tcp->syn && !s.tcp->ack);
	control_traits(&c, &other, 1);
	NEED(send_control(out, &to, s.bytes, s.len, &c, 0) == s.len);
	accept_pending(&v, &p);
	close(in);
	close(out);
	close_pair(&p);
}

static void deferred_accept_has_them(void)
{
	const int seconds = 5;
	struct pair p = listen_pair(loopback(), 1);

	MUST(setsockopt(p.listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof(seconds)));
	CHECK(set_traits(p.client, &n, three, 3) == 0);
	MUST(connect(p.client, &p.at.any, p.at.len));
	CHECK(send(p.client, "x", 1, 0) == 1);
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 30, 4, bytes));
	close_pair(&p);
}

static void aborted_handshake_leaves_nothing_behind(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = listen_pair(loopback(), 1);
	int first;
	struct pair waiting = pair_that_waits(&first);

	CHECK(set_traits(waiting.client, &n, three, 3) == 0);
	CHECK_ERRNO(connect(waiting.client, &waiting.at.any, waiting.at.len), EINPROGRESS);
	close(waiting.client);
	waiting.client = tcp_socket(AF_INET);
	close(first);
	close(MUST(accept(waiting.listener, NULL, NULL)));
	CHECK(set_traits(waiting.client, &n, &set, 1) == 0);
	join_pair(&waiting);
	CHECK(has(waiting.accepted, 4, 4, bytes) && has(waiting.accepted, 1, 0, NULL));
	close_pair(&waiting);
	close_pair(&p);
}

static struct pair fast_open_pair(const char *at)
{
	const int queue = 16;
	struct pair p = listen_pair(address_of(at, 0), 1);

	MUST(setsockopt(p.listener, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue)));
	return p;
}

static ssize_t fast_open(struct pair *p, const char *data)
{
	const ssize_t sent = sendto(p->client, data, strlen(data), MSG_FASTOPEN, &p->at.any, p->at.len);

	p->accepted = MUST(accept(p->listener, NULL, NULL));
	return sent;
}

static bool data_was_in_the_syn(const struct pair *p)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	MUST(getsockopt(p->client, IPPROTO_TCP, TCP_INFO, &info, &len));
	return info.tcpi_options & TCPI_OPT_SYN_DATA;
}

static void fast_open_with_data(const char *at)
{
	struct pair p;

	own_network();
	sysctl(FASTOPEN, "0x207"); /* no cookies */
	p = fast_open_pair(at);
	CHECK(set_traits(p.client, &n, three, 3) == 0);
	CHECK(fast_open(&p, "data") == 4);
	CHECK(reads(p.accepted, "data") && data_was_in_the_syn(&p));
	CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 30, 4, bytes) && has(p.accepted, 60, 2, bytes));
	CHECK_ERRNO(set_traits(p.client, &n, three, 3), EOPNOTSUPP);
	close_pair(&p);
}

static void fast_open_without_data(void)
{
	struct pair p;

	own_network();
	sysctl(FASTOPEN, "3"); /* the first connection asks for a cookie and its SYN has no data */
	p = fast_open_pair("127.0.0.1");
	CHECK(set_traits(p.client, &n, three, 3) == 0);
	CHECK(fast_open(&p, "data") == 4);
	CHECK(reads(p.accepted, "data") && !data_was_in_the_syn(&p));
	CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 30, 4, bytes));
	close_pair(&p);
}

static void fast_open_with_a_cookie(void)
{
	struct pair first, p;

	own_network();
	sysctl(FASTOPEN, "3");
	first = fast_open_pair("127.0.0.1");
	CHECK(fast_open(&first, "data") == 4);
	CHECK(reads(first.accepted, "data"));
	p = first;
	p.client = tcp_socket(AF_INET);
	CHECK(set_traits(p.client, &n, three, 3) == 0);
	CHECK(fast_open(&p, "data") == 4);
	CHECK(reads(p.accepted, "data") && data_was_in_the_syn(&p));
	if (polyfill) /* the cookie takes the room of its TCP option */
		CHECK(has(p.accepted, 1, 0, NULL));
	else
		CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 30, 4, bytes));
	close(first.client);
	close(first.accepted);
	close_pair(&p);
}

static void fast_open_by_connect(void)
{
	const int on = 1;
	struct pair p;

	own_network();
	sysctl(FASTOPEN, "0x207");
	p = fast_open_pair("127.0.0.1");
	CHECK(set_traits(p.client, &n, three, 3) == 0);
	MUST(setsockopt(p.client, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof(on)));
	MUST(connect(p.client, &p.at.any, p.at.len));
	CHECK(send(p.client, "data", 4, 0) == 4);
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(reads(p.accepted, "data"));
	CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 60, 2, bytes));
	close_pair(&p);
}

#endif
