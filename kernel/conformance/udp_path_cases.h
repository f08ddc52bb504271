/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of sockets and ways of a datagram: connected, corked, trains, fragments, raw, veth, multicast.
 */
#ifndef UDP_PATH_CASES_H
#define UDP_PATH_CASES_H

#include "segment_cases.h"
#include "udp.h"
#include "veth.h"

static void connected_sockets_send_and_receive_them(const char *at)
{
	struct udp u = udp_at(at);
	struct address near;
	const struct datagram *d;

	MUST(connect(u.out, &u.at.any, u.at.len));
	NEED(set_receive(u.out, 1) == 0);
	NEED(send_traits(u.out, NULL, "there", three, 3) == 5);
	d = receive(u.in);
	CHECK(says(d, "there") && brings(d, three, 3));
	near = d->from;
	MUST(connect(u.in, &near.any, near.len));
	NEED(send_traits(u.in, NULL, "back", three + 1, 2) == 4);
	d = receive(u.out);
	CHECK(says(d, "back") && brings(d, three + 1, 2));
	NEED(send_plain(u.out, NULL, "plain") == 5);
	CHECK(brings_none(receive(u.in)));
	close_udp(&u);
}

static ssize_t send_more(struct udp *u, const char *payload, const struct pkt_trait *t, size_t count, int flags)
{
	struct control c = { 0 };

	if (count)
		control_traits(&c, t, count);
	return send_control(u->out, &u->at, payload, strlen(payload), &c, flags);
}

static void corked_datagram_has_those_of_the_first_send(const char *at)
{
	struct udp u = udp_at(at);
	const struct datagram *d;

	NEED(send_more(&u, "one ", three, 2, MSG_MORE) == 4);
	NEED(send_more(&u, "two ", NULL, 0, MSG_MORE) == 4);
	NEED(send_more(&u, "three", NULL, 0, 0) == 5);
	d = receive(u.in);
	CHECK(says(d, "one two three") && brings(d, three, 2));
	close_udp(&u);
}

static void later_sends_of_a_corked_datagram_add_nothing(const char *at)
{
	struct udp u = udp_at(at);
	const struct datagram *d;

	NEED(send_more(&u, "one ", three, 1, MSG_MORE) == 4);
	NEED(send_more(&u, "two", three + 1, 2, 0) == 3);
	d = receive(u.in);
	CHECK(says(d, "one two") && brings(d, three, 1));
	NEED(send_more(&u, "one ", NULL, 0, MSG_MORE) == 4);
	NEED(send_more(&u, "two", three, 3, 0) == 3);
	d = receive(u.in);
	CHECK(says(d, "one two") && brings_none(d));
	close_udp(&u);
}

static void udp_cork_keeps_those_of_the_first_send(void)
{
	const int on = 1, off = 0;
	struct udp u = udp();
	const struct datagram *d;

	MUST(setsockopt(u.out, SOL_UDP, UDP_CORK, &on, sizeof(on)));
	NEED(send_more(&u, "one ", three, 3, 0) == 4);
	NEED(send_more(&u, "two", NULL, 0, 0) == 3);
	MUST(setsockopt(u.out, SOL_UDP, UDP_CORK, &off, sizeof(off)));
	d = receive(u.in);
	CHECK(says(d, "one two") && brings(d, three, 3));
	NEED(send_more(&u, "next", NULL, 0, 0) == 4);
	CHECK(brings_none(receive(u.in)));
	close_udp(&u);
}

static void each_segment_of_a_train_has_them(const char *at)
{
	const __u16 size = 4;
	struct control c = { 0 };
	struct udp u = udp_at(at);
	const char *segments[] = { "aaaa", "bbbb", "cccc", "dd" };

	control_traits(&c, three, 3);
	control_add(&c, SOL_UDP, UDP_SEGMENT, &size, sizeof(size));
	NEED(send_control(u.out, &u.at, "aaaabbbbccccdd", 14, &c, 0) == 14);
	for (int i = 0; i < 4; i++) {
		const struct datagram *d = receive(u.in);

		CHECK(says(d, segments[i]) && brings(d, three, 3));
	}
	close_udp(&u);
}

static void train_by_socket_option_has_them(void)
{
	const int size = 4;
	struct udp u = udp();

	MUST(setsockopt(u.out, SOL_UDP, UDP_SEGMENT, &size, sizeof(size)));
	NEED(send_traits(u.out, &u.at, "aaaabbbb", three, 3) == 8);
	CHECK(brings(receive(u.in), three, 3));
	CHECK(brings(receive(u.in), three, 3));
	NEED(send_plain(u.out, &u.at, "aaaabbbb") == 8);
	CHECK(brings_none(receive(u.in)));
	CHECK(brings_none(receive(u.in)));
	close_udp(&u);
}

static void train_that_is_received_whole_has_them(const char *at)
{
	const int on = 1;
	const __u16 size = 4;
	struct control c = { 0 };
	struct udp u = udp_at(at);
	const struct datagram *d;

	MUST(setsockopt(u.in, SOL_UDP, UDP_GRO, &on, sizeof(on)));
	control_traits(&c, three, 3);
	control_add(&c, SOL_UDP, UDP_SEGMENT, &size, sizeof(size));
	NEED(send_control(u.out, &u.at, "aaaabbbbccccdd", 14, &c, 0) == 14);
	d = receive(u.in);
	CHECK(says(d, "aaaabbbbccccdd") && d->segment == 4 && brings(d, three, 3));
	close_udp(&u);
}

static struct udp udp_across(const struct veth *v, const char *listen_on, const char *send_to)
{
	struct udp u;

	enter(v->far);
	u = udp_at(listen_on);
	close(u.out);
	enter(v->near);
	u.at = address_of(send_to, port_of(&u.at));
	u.out = MUST(socket(u.at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	return u;
}

static void datagrams_reach_another_namespace(const char *listen_on, const char *send_to)
{
	struct pkt_trait set[PKT_TRAIT_KEYS];
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, listen_on, send_to);
	const struct datagram *d;

	full_set(set);
	NEED(send_traits(u.out, &u.at, "across", set, PKT_TRAIT_KEYS) == 6);
	d = receive(u.in);
	CHECK(says(d, "across") && brings(d, set, PKT_TRAIT_KEYS));
	NEED(send_plain(u.out, &u.at, "plain") == 5);
	CHECK(brings_none(receive(u.in)));
	close_udp(&u);
}

static void train_reaches_another_namespace(void)
{
	const __u16 size = 1000;
	static char payload[4000];
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, FAR_4, FAR_4);
	struct control c = { 0 };

	control_traits(&c, three, 3);
	control_add(&c, SOL_UDP, UDP_SEGMENT, &size, sizeof(size));
	NEED(send_control(u.out, &u.at, payload, sizeof(payload), &c, 0) == sizeof(payload));
	for (int i = 0; i < 4; i++) {
		const struct datagram *d = receive(u.in);

		CHECK(d->len == 1000 && brings(d, three, 3));
	}
	close_udp(&u);
}

/* How many datagrams the stack merges is up to it; each that comes has what its first one had. */
static void merged_datagrams_keep_those_of_the_first(void)
{
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, FAR_4, FAR_4);
	const int on = 1;
	static char payload[16 * 100];
	struct mmsghdr messages[16] = { 0 };
	static struct control c[16];
	struct iovec data[16];

	MUST(setsockopt(u.in, SOL_UDP, UDP_GRO, &on, sizeof(on)));
	for (int i = 0; i < 16; i++) {
		const struct pkt_trait set = trait(i, 4, bytes + i % 12);

		memset(payload + i * 100, i, 100);
		data[i] = (struct iovec){ payload + i * 100, 100 };
		control_traits(&c[i], &set, 1);
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &u.at.any, .msg_namelen = u.at.len,
						       .msg_iov = &data[i], .msg_iovlen = 1,
						       .msg_control = c[i].bytes, .msg_controllen = c[i].len };
	}
	NEED(sendmmsg(u.out, messages, 16, 0) == 16);
	for (int came = 0; came < 16 && !tap_case_failed;) {
		const struct datagram *d = receive(u.in);
		const struct pkt_trait set = trait(d->payload[0], 4, bytes + d->payload[0] % 12);

		CHECK(d->len > 0 && d->len % 100 == 0 && brings(d, &set, 1));
		came += d->len / 100;
	}
	close_udp(&u);
}

static void fragmented_datagram_has_them(const char *at)
{
	static char payload[8000];
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, at, at);
	struct control c = { 0 };
	const struct datagram *d;

	control_traits(&c, three, 3);
	NEED(send_control(u.out, &u.at, payload, sizeof(payload), &c, 0) == sizeof(payload));
	d = receive(u.in);
	CHECK(d->len == sizeof(payload) && brings(d, three, 3));
	close_udp(&u);
}

/* Protocol 253 is for experiments (RFC 3692). */
static void raw_sockets_send_and_receive_them(const char *host)
{
	struct address at = address_of(host, 0);
	const int ip_header = at.any.sa_family == AF_INET ? 20 : 0;
	int in, out;
	const struct datagram *d;

	own_network();
	in = receiver(&at, SOCK_RAW, 253);
	out = MUST(socket(at.any.sa_family, SOCK_RAW, 253));
	NEED(set_receive(in, 1) == 0);
	at = address_of(host, 0);
	NEED(send_traits(out, &at, "raw", three, 3) == 3);
	d = receive(in);
	CHECK(d->len == ip_header + 3 && brings(d, three, 3));
	NEED(send_plain(out, &at, "raw") == 3);
	CHECK(brings_none(receive(in)));
	CHECK_ERRNO(send_traits(out, &at, "raw", &(struct pkt_trait){ .key = 64, .len = 2 }, 1), EINVAL);
	NEED(send_plain(out, &at, "next") == 4);
	CHECK(receive(in)->len == ip_header + 4);
	close(in);
	close(out);
}

static void raw_socket_with_the_header_included_sends_them(void)
{
	struct address at = address_of("127.0.0.1", 0);
	struct {
		struct iphdr ip;
		char payload[4];
	} packet = { .ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = 253, .tot_len = htons(24) }, .payload = "raw" };
	struct control c = { 0 };
	const int on = 1;
	int in, out;
	const struct datagram *d;

	own_network();
	packet.ip.daddr = at.v4.sin_addr.s_addr;
	in = receiver(&at, SOCK_RAW, 253);
	out = MUST(socket(AF_INET, SOCK_RAW, 253));
	MUST(setsockopt(out, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)));
	NEED(set_receive(in, 1) == 0);
	at = address_of("127.0.0.1", 0);
	control_traits(&c, three, 3);
	NEED(send_control(out, &at, &packet, sizeof(packet), &c, 0) == sizeof(packet));
	d = receive(in);
	CHECK(d->len == sizeof(packet) && brings(d, three, 3));
	close(in);
	close(out);
}

static void each_receiver_of_a_multicast_has_them(void)
{
	struct ip_mreqn group = { 0 };
	struct address at = address_of("239.1.1.1", 0);
	const int on = 1;
	int in[2], out;

	own_network();
	group.imr_multiaddr = at.v4.sin_addr;
	group.imr_ifindex = if_nametoindex("lo");
	for (int i = 0; i < 2; i++) {
		in[i] = MUST(socket(AF_INET, SOCK_DGRAM, 0));
		MUST(setsockopt(in[i], SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
		MUST(setsockopt(in[i], SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){ .tv_sec = PATIENCE_SECONDS },
				sizeof(struct timeval)));
		MUST(bind(in[i], &at.any, at.len));
		MUST(getsockname(in[i], &at.any, &at.len));
		MUST(setsockopt(in[i], IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)));
		NEED(set_receive(in[i], 1) == 0);
	}
	out = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	MUST(setsockopt(out, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof(group)));
	NEED(send_traits(out, &at, "all", three, 3) == 3);
	for (int i = 0; i < 2; i++) {
		const struct datagram *d = receive(in[i]);

		CHECK(says(d, "all") && brings(d, three, 3));
		close(in[i]);
	}
	close(out);
}

static void datagram_with_traits_is_no_longer(int type, const char *at)
{
	struct pkt_trait set[PKT_TRAIT_KEYS];
	char with[256], without[256];
	ssize_t with_len, without_len;
	struct udp u;
	int fd;

	full_set(set);
	own_network();
	fd = packet_socket(type);
	u = udp_at(at);
	NEED(send_plain(u.out, &u.at, "payload") == 7);
	NEED(send_traits(u.out, &u.at, "payload", set, PKT_TRAIT_KEYS) == 7);
	without_len = MUST(recv(fd, without, sizeof(without), MSG_DONTWAIT));
	with_len = recv(fd, with, sizeof(with), MSG_DONTWAIT);
	while (with_len == without_len && !memcmp(with, without, with_len)) /* it came and went on lo */
		with_len = recv(fd, with, sizeof(with), MSG_DONTWAIT);
	if (with_len < 0) /* IPv6 packets have no identification, so that they are all the same */
		CHECK(type == ETH_P_IPV6);
	else
		CHECK(with_len == without_len);
	close(fd);
	close_udp(&u);
}

#endif
