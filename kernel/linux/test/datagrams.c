// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traits of datagrams on their way through the network stack of the patched kernel.
 * Needs root and changes its own network namespaces only.
 */
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>

#include "stack.h"

static struct pkt_trait other[1];

/* A receiver of datagrams with traits, and a socket to send from. */
struct ends {
	struct address at;
	int in, out;
};

static struct ends ends(const char *host)
{
	struct ends e = { .at = address_of(host, 0) };

	e.in = udp_receiver(&e.at);
	e.out = MUST(socket(e.at.any.sa_family, SOCK_DGRAM, 0));
	return e;
}

static void receives(int in, ssize_t length, const struct pkt_trait *t, int count)
{
	const struct received r = receive(in, payload, sizeof(payload));

	CHECK(r.length == length && (count ? same(&r, t, count) : r.count == -1));
}

static void close_ends(const struct ends *e)
{
	close(e->in);
	close(e->out);
}

static void datagram_arrives(const char *bound, const char *destination)
{
	struct ends e = ends(bound);
	struct address to = address_of(destination, ntohs(e.at.v4.sin_port)); /* an IPv6 address has it there, too */

	close(e.out);
	e.out = MUST(socket(to.any.sa_family, SOCK_DGRAM, 0));
	CHECK(send_with(e.out, &to, "x", 1, some, 3, 0) == 1);
	receives(e.in, 1, some, 3);
	CHECK(send_with(e.out, &to, "xy", 2, NULL, 0, 0) == 2);
	receives(e.in, 2, NULL, 0);
	MUST(connect(e.out, &to.any, to.len));
	CHECK(send_with(e.out, NULL, "", 0, some + 1, 1, 0) == 0);
	receives(e.in, 0, some + 1, 1);
	close_ends(&e);
}

static void corked_datagram_has_those_of_its_beginning(const char *host)
{
	const struct ends e = ends(host);
	const int on = 1, off = 0;

	CHECK(send_with(e.out, &e.at, "ab", 2, some, 3, MSG_MORE) == 2);
	CHECK(send_with(e.out, &e.at, "cd", 2, other, 1, MSG_MORE) == 2);
	CHECK(send_with(e.out, &e.at, "e", 1, NULL, 0, 0) == 1);
	receives(e.in, 5, some, 3);
	MUST(setsockopt(e.out, IPPROTO_UDP, UDP_CORK, &on, sizeof(on)));
	CHECK(send_with(e.out, &e.at, "ab", 2, NULL, 0, 0) == 2);
	CHECK(send_with(e.out, &e.at, "cd", 2, other, 1, 0) == 2);
	MUST(setsockopt(e.out, IPPROTO_UDP, UDP_CORK, &off, sizeof(off)));
	receives(e.in, 4, NULL, 0);
	close_ends(&e);
}

static void each_segment_has_them(const char *host)
{
	const struct ends e = ends(host);
	const int size = 1000;

	MUST(setsockopt(e.out, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	CHECK(send_with(e.out, &e.at, payload, 3500, some, 3, 0) == 3500);
	for (int i = 0; i < 4; i++)
		receives(e.in, i < 3 ? 1000 : 500, some, 3);
	close_ends(&e);
}

static void gro_delivers_them_once(const char *host)
{
	const struct ends e = ends(host);
	const int size = 1000, on = 1;

	MUST(setsockopt(e.in, IPPROTO_UDP, UDP_GRO, &on, sizeof(on)));
	MUST(setsockopt(e.out, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)));
	CHECK(send_with(e.out, &e.at, payload, 3500, some, 3, 0) == 3500);
	receives(e.in, 3500, some, 3);
	close_ends(&e);
}

static void fragments_come_together_with_them(const char *host)
{
	const struct ends e = ends(host);

	run("ip link set lo mtu 1500");
	CHECK(send_with(e.out, &e.at, payload, 20000, some, 3, 0) == 20000);
	receives(e.in, 20000, some, 3);
	run("ip link set lo mtu 65536");
	close_ends(&e);
}

static void raw_sockets_have_them(int family)
{
	struct address at = address_of(family == AF_INET ? "127.0.0.1" : "::1", 0);
	const int in = receiving(MUST(socket(family, SOCK_RAW, 253))), out = MUST(socket(family, SOCK_RAW, 253));
	const int on = 1, header = family == AF_INET ? sizeof(struct iphdr) : 0;

	CHECK(send_with(out, &at, "hello", 5, some, 3, 0) == 5);
	receives(in, 5 + header, some, 3);
	if (family == AF_INET) {
		struct {
			struct iphdr ip;
			char data[4];
		} packet = { .ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = 253,
				     .saddr = htonl(INADDR_LOOPBACK), .daddr = htonl(INADDR_LOOPBACK) } };

		MUST(setsockopt(out, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)));
		CHECK(send_with(out, &at, &packet, sizeof(packet), some, 3, 0) == sizeof(packet));
	} else {
		struct {
			struct ip6_hdr ip;
			char data[4];
		} packet = { .ip = { .ip6_plen = htons(4), .ip6_nxt = 253, .ip6_hlim = 64,
				     .ip6_src = at.v6.sin6_addr, .ip6_dst = at.v6.sin6_addr } };

		packet.ip.ip6_vfc = 0x60;
		MUST(setsockopt(out, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on)));
		CHECK(send_with(out, &at, &packet, sizeof(packet), some, 3, 0) == sizeof(packet));
	}
	receives(in, 4 + header, some, 3);
	close(out);
	close(in);
}

static void other_sockets_refuse_the_message(void)
{
	const struct sockaddr_ll link = { .sll_family = AF_PACKET, .sll_ifindex = 1, .sll_protocol = htons(ETH_P_IP) };
	const int packet = MUST(socket(AF_PACKET, SOCK_DGRAM, 0)), tcp = tcp_socket(AF_INET);
	struct address at = address_of("127.0.0.1", 0), to = { .len = sizeof(link) };
	const int listener = saving_listener(&at, &rfc);

	memcpy(&to.any, &link, sizeof(link));
	CHECK_ERRNO(send_with(packet, &to, payload, 20, some, 1, 0), EINVAL);
	MUST(connect(tcp, &at.any, at.len));
	CHECK_ERRNO(send_with(tcp, NULL, payload, 20, some, 1, 0), EINVAL);
	close_three(packet, tcp, listener);
}

static void datagram_keeps_them_between_namespaces(void)
{
	struct address at = address_of("10.9.0.2", 7007), from = address_of("10.9.0.1", 0);
	int home, in, out;

	far_make();
	home = far_enter();
	in = udp_receiver(&at);
	far_leave(home);
	out = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	MUST(bind(out, &from.any, from.len));
	CHECK(send_with(out, &at, "x", 1, some, 3, 0) == 1);
	receives(in, 1, some, 3);
	close(out);
	close(in);
	far_remove();
}

int main(void)
{
	stack_begin();
	other[0] = trait(9, 2, bytes);
	RUN(datagram_arrives, "127.0.0.1", "127.0.0.1");
	RUN(datagram_arrives, "::1", "::1");
	RUN(datagram_arrives, "::", "127.0.0.1");
	RUN(datagram_arrives, "::", "::ffff:127.0.0.1");
	RUN(corked_datagram_has_those_of_its_beginning, "127.0.0.1");
	RUN(corked_datagram_has_those_of_its_beginning, "::1");
	RUN(each_segment_has_them, "127.0.0.1");
	RUN(each_segment_has_them, "::1");
	RUN(gro_delivers_them_once, "127.0.0.1");
	RUN(gro_delivers_them_once, "::1");
	RUN(fragments_come_together_with_them, "127.0.0.1");
	RUN(fragments_come_together_with_them, "::1");
	RUN(raw_sockets_have_them, AF_INET);
	RUN(raw_sockets_have_them, AF_INET6);
	RUN(other_sockets_refuse_the_message);
	RUN(datagram_keeps_them_between_namespaces);
	return tap_end();
}
