// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traits of TCP connections on the patched kernel, from the client's socket to the accepted one.
 * Needs root and changes its own network namespaces only.
 */
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>

#include "stack.h"

/* The accepted socket of the next connection, whose traits these are. */
static int accepted_with(int listener, const struct pkt_trait *t, int count)
{
	const int accepted = MUST(accept(listener, NULL, NULL));
	const struct received r = dump(accepted);

	CHECK(same(&r, t, count));
	return accepted;
}

static void connection_keeps_them_between_namespaces(void)
{
	struct address at = address_of("10.9.0.2", 7007);
	int home, listener, client, accepted;

	far_make();
	home = far_enter();
	listener = saving_listener(&at, &rfc);
	far_leave(home);
	client = tcp_socket(AF_INET);
	CHECK(set_traits(client, &rfc, some, 3) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = accepted_with(listener, some, 3);
	close_three(accepted, client, listener);
	far_remove();
}

/* Counts segments of a port on lo: SYNs, all others, and how many of each had traits. */
struct seen {
	int syns, syns_with, others, others_with;
};

static int sniffer(void)
{
	struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = 1 };
	const int fd = receiving(MUST(socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP))));

	MUST(bind(fd, (struct sockaddr *)&all, sizeof(all)));
	return fd;
}

static struct seen sniffed(int fd, int port)
{
	const struct timeval now = { .tv_usec = 200000 };
	struct seen s = { 0 };
	struct received r;

	MUST(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &now, sizeof(now)));
	while ((r = receive(fd, payload, sizeof(payload))).length >= 0) {
		const struct iphdr *ip = (const void *)payload;
		const struct tcphdr *tcp = (const void *)(payload + ip->ihl * 4);

		if (ip->protocol != IPPROTO_TCP || (ntohs(tcp->dest) != port && ntohs(tcp->source) != port))
			continue;
		if (tcp->syn && !tcp->ack) {
			s.syns++;
			s.syns_with += r.count > 0;
		} else {
			s.others++;
			s.others_with += r.count > 0;
		}
	}
	close(fd);
	return s;
}

static void only_the_syn_has_them(void)
{
	struct address at = address_of("127.0.0.1", 0);
	const int listener = saving_listener(&at, &rfc), client = tcp_socket(AF_INET), sniff = sniffer();
	struct seen s;
	int accepted;

	CHECK(set_traits(client, &rfc, some, 3) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = accepted_with(listener, some, 3);
	CHECK(write(client, "x", 1) == 1 && read(accepted, payload, 1) == 1);
	CHECK(write(accepted, "y", 1) == 1 && read(client, payload, 1) == 1);
	s = sniffed(sniff, ntohs(at.v4.sin_port));
	CHECK(s.syns >= 1 && s.syns_with == s.syns && s.others >= 4 && s.others_with == 0);
	close_three(accepted, client, listener);
}

static void retransmitted_syn_has_them(void)
{
	struct address at = address_of("127.0.0.1", 0);
	const int listener = saving_listener(&at, &rfc), client = tcp_socket(AF_INET);
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	int accepted;

	run("tc qdisc add dev lo root netem loss 100%%");
	CHECK(set_traits(client, &rfc, some, 3) == 0);
	MUST(fcntl(client, F_SETFL, O_NONBLOCK));
	CHECK_ERRNO(connect(client, &at.any, at.len), EINPROGRESS);
	run("tc qdisc del dev lo root");
	accepted = accepted_with(listener, some, 3);
	MUST(getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &len));
	CHECK(info.tcpi_total_retrans > 0);
	close_three(accepted, client, listener);
}

static void fast_open_has_them(void)
{
	struct address at = address_of("127.0.0.1", 0);
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET), sniff = sniffer(), queue = 5, on = 1;
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	struct seen s;
	int accepted;

	run("echo 0x607 >/proc/sys/net/ipv4/tcp_fastopen");
	MUST(setsockopt(listener, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue)));
	MUST(set_save(listener, &rfc, on));
	MUST(listen(listener, 5));
	CHECK(set_traits(client, &rfc, some, 3) == 0);
	CHECK(sendto(client, "data", 4, MSG_FASTOPEN, &at.any, at.len) == 4);
	accepted = accepted_with(listener, some, 3);
	CHECK(read(accepted, payload, 10) == 4);
	MUST(getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &len));
	CHECK(info.tcpi_options & 32); /* the SYN's data was accepted */
	s = sniffed(sniff, ntohs(at.v4.sin_port));
	CHECK(s.syns >= 1 && s.syns_with == s.syns && s.others_with == 0);
	close_three(accepted, client, listener);
}

static void syn_cookie_has_none(void)
{
	struct address at = address_of("127.0.0.1", 0);
	const int listener = saving_listener(&at, &rfc), client = tcp_socket(AF_INET);
	struct pkt_trait t = trait(some[0].key, 0, NULL);
	int accepted;

	run("echo 2 >/proc/sys/net/ipv4/tcp_syncookies");
	CHECK(set_traits(client, &rfc, some, 3) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(get_traits(accepted, &rfc, &t, 1) == 0 && t.key == some[0].key && t.len == 0 && t.io_err == 0);
	run("echo 1 >/proc/sys/net/ipv4/tcp_syncookies");
	close_three(accepted, client, listener);
}

static int reuseport_listener(struct address *at)
{
	const int fd = tcp_socket(AF_INET), on = 1;

	MUST(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)));
	MUST(bind(fd, &at->any, at->len));
	MUST(getsockname(fd, &at->any, &at->len));
	MUST(set_save(fd, &rfc, on));
	MUST(listen(fd, 8));
	return fd;
}

static void migrated_connection_has_them(bool established)
{
	struct address at = address_of("127.0.0.1", 0);
	const int a = reuseport_listener(&at), b = reuseport_listener(&at), client = tcp_socket(AF_INET);
	struct pollfd ready[2] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };
	int accepted, heir;

	run("echo 1 >/proc/sys/net/ipv4/tcp_migrate_req");
	CHECK(set_traits(client, &rfc, some, 3) == 0);
	if (established) {
		MUST(connect(client, &at.any, at.len));
		CHECK(poll(ready, 2, 10000) == 1);
		heir = ready[0].revents ? b : a;
		close(heir == a ? b : a);
	} else {
		/* The SYN arrives, the answer gets lost; one of the two, or the other, has the request. */
		run("tc qdisc add dev lo root netem delay 500ms");
		MUST(fcntl(client, F_SETFL, O_NONBLOCK));
		CHECK_ERRNO(connect(client, &at.any, at.len), EINPROGRESS);
		usleep(700000); /* between the SYN and the ACK */
		close(a);
		heir = b;
	}
	accepted = accepted_with(heir, some, 3);
	if (!established)
		run("tc qdisc del dev lo root");
	close_three(accepted, client, heir);
}

static volatile bool stop;

static void *churn(void *address)
{
	const struct address *at = address;
	struct pkt_trait got[2];

	while (!stop) {
		const int client = tcp_socket(AF_INET);

		set_traits(client, &rfc, some, 3);
		connect(client, &at->any, at->len);
		got[0] = trait(some[0].key, 0, NULL);
		get_traits(client, &rfc, got, 1);
		close(client);
	}
	return NULL;
}

static void *churn_datagrams(void *address)
{
	const int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));

	while (!stop)
		send_with(fd, address, payload, 5000, some, 3, 0);
	close(fd);
	return NULL;
}

static void *set_at_once(void *fd)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	while (!stop) {
		set_traits(*(int *)fd, &rfc, some, 3);
		dump(*(int *)fd);
		connect(*(int *)fd, &none, sizeof(none));
	}
	return NULL;
}

static void many_at_once(void)
{
	struct address at = address_of("127.0.0.1", 0), udp_at = at;
	const int listener = saving_listener(&at, &rfc), in = udp_receiver(&udp_at);
	int shared = tcp_socket(AF_INET), wrong = 0;
	pthread_t threads[6];
	struct received r;

	stop = false;
	pthread_create(&threads[0], NULL, churn, &at);
	pthread_create(&threads[1], NULL, churn, &at);
	pthread_create(&threads[2], NULL, churn_datagrams, &udp_at);
	pthread_create(&threads[3], NULL, churn_datagrams, &udp_at);
	pthread_create(&threads[4], NULL, set_at_once, &shared);
	pthread_create(&threads[5], NULL, set_at_once, &shared);
	for (int i = 0; i < 300; i++) {
		const int accepted = accept(listener, NULL, NULL);

		r = dump(accepted);
		wrong += accepted < 0 || !same(&r, some, 3);
		close(accepted);
		r = receive(in, payload, sizeof(payload));
		wrong += !same(&r, some, 3);
	}
	stop = true;
	close(listener);
	for (int i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	CHECK(wrong == 0);
	close(shared);
	close(in);
}

static void traits_set_at_once_have_no_end(void)
{
	const int fd = tcp_socket(AF_INET), count = 100000;
	struct pkt_trait *t = calloc(count, sizeof(*t));
	struct received r;

	for (int i = 0; i < count; i++)
		t[i] = some[i % 3];
	CHECK(set_traits(fd, &rfc, t, count) == 0);
	r = dump(fd);
	CHECK(same(&r, some, 3));
	CHECK(get_traits(fd, &rfc, t, count) == 0);
	CHECK(!memcmp(&t[count - 1], &some[(count - 1) % 3], sizeof(*t)));
	free(t);
	close(fd);
}

static void bad_pointers_are_faults(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct pkt_trait *edge = (struct pkt_trait *)(page + 4096) - 1;
	const int fd = tcp_socket(AF_INET);
	struct received r;

	MUST(munmap(page + 4096, 4096));
	*edge = some[0];
	CHECK_ERRNO(set_traits(fd, &rfc, edge, 2), EFAULT);
	r = dump(fd);
	CHECK(r.count == 0);
	CHECK_ERRNO(get_traits(fd, &rfc, edge, 2), EFAULT);
	CHECK_ERRNO(set_traits(fd, &rfc, (void *)8, 1), EFAULT);
	CHECK(set_traits(fd, &rfc, edge, 1) == 0);
	munmap(page, 4096);
	close(fd);
}

static bool parameter(const char *name, char expected)
{
	char path[64], value = 0;
	int fd;

	snprintf(path, sizeof(path), "/sys/module/pkt_traits/parameters/%s", name);
	fd = MUST(open(path, O_RDONLY));
	MUST(read(fd, &value, 1));
	close(fd);
	return value == expected;
}

static void failed_elements_are_reported_if_the_kernel_was_told_to(void)
{
	const bool writeback = parameter("writeback", 'Y');
	struct pkt_trait t[26] = { trait(1, 2, bytes), trait(64, 2, bytes), trait(2, 3, bytes), trait(1, 4, bytes) }, before[26];
	const int fd = tcp_socket(AF_INET);
	void *constant = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct received r;

	memcpy(before, t, sizeof(t));
	CHECK_ERRNO(set_traits(fd, &rfc, t, 4), EIO);
	if (writeback) {
		before[1].io_err = before[2].io_err = EINVAL;
		before[3].io_err = EBUSY;
	}
	CHECK(!memcmp(t, before, sizeof(t)));
	for (int i = 0; i < 26; i++)
		t[i] = trait(i + 2, i ? 8 : 3, bytes);
	memcpy(before, t, sizeof(t));
	CHECK_ERRNO(set_traits(fd, &rfc, t, 26), ENOSPC); /* 202 bytes: nothing is set, nothing is reported */
	CHECK(!memcmp(t, before, sizeof(t)));
	memcpy(constant, t, 48);
	MUST(mprotect(constant, 4096, PROT_READ));
	CHECK_ERRNO(set_traits(fd, &rfc, constant, 2), EIO);
	r = dump(fd);
	CHECK(r.count == 2 && r.traits[0].key == 1 && r.traits[1].key == 3);
	munmap(constant, 4096);
	close(fd);
}

int main(void)
{
	stack_begin();
	RUN(connection_keeps_them_between_namespaces);
	RUN(only_the_syn_has_them);
	RUN(retransmitted_syn_has_them);
	RUN(fast_open_has_them);
	RUN(syn_cookie_has_none);
	RUN(migrated_connection_has_them, true);
	RUN(migrated_connection_has_them, false);
	RUN(traits_set_at_once_have_no_end);
	RUN(bad_pointers_are_faults);
	RUN(failed_elements_are_reported_if_the_kernel_was_told_to);
	RUN(many_at_once);
	return tap_end();
}
