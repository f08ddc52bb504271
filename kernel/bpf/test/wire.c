// SPDX-License-Identifier: Apache-2.0
/*
 * What a SYN carries: the bytes of its option, SYNs that were lost, and options that no sane
 * sender makes. Needs a network namespace of its own with 10.9.0.1 to .4 on lo, and the cgroup
 * that it runs in to be up with --trust 10.9.0.1. usage: wire OBJECT COUNTERS
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "../../conformance/sockets.h"
#include "../../conformance/tap.h"
#include "../maps.h"
#include "wire.h"

#define TRUSTED "10.9.0.1"
#define UNTRUSTED "10.9.0.2"
#define SERVER "10.9.0.3"
#define ELSEWHERE "10.9.0.4"

static const struct numbers n = { TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS };
static int wire_map, counters_map;

static const __u8 value[16] = { 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
				0x38, 0x49, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf };

static struct wire wire_get(void)
{
	const __u32 zero = 0;
	struct wire w;

	MUST(bpf_map_lookup_elem(wire_map, &zero, &w));
	return w;
}

static void wire_set(__u32 drop, const __u8 *option, size_t len)
{
	const __u32 zero = 0;
	struct wire w = { .drop = drop, .replace = len };

	if (len)
		memcpy(w.option, option, len);
	MUST(bpf_map_update_elem(wire_map, &zero, &w, BPF_ANY));
}

static uint64_t counter(uint32_t cause)
{
	uint64_t values[1024] = { 0 }, sum = 0;

	MUST(libbpf_num_possible_cpus() > 1024 ? -1 : 0);
	MUST(bpf_map_lookup_elem(counters_map, &cause, values));
	for (int i = 0; i < libbpf_num_possible_cpus(); i++)
		sum += values[i];
	return sum;
}

/* Connects from an address; the accepted socket must work whatever the SYN carried. */
static int accepted_from(const char *from, const char *to, const struct pkt_trait *t, size_t count)
{
	struct address at = address_of(to, 0), source = address_of(from, 0);
	const int listener = saving_listener(&at, &n), client = bound_socket(&source);
	char byte = 0;
	int accepted;

	CHECK(set_traits(client, &n, t, count) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(write(client, "x", 1) == 1 && read(accepted, &byte, 1) == 1 && byte == 'x');
	close(client);
	close(listener);
	return accepted;
}

static int traits_on(int fd)
{
	struct pkt_trait got[PKT_TRAIT_KEYS];
	int present = 0;

	CHECK(get_all(fd, &n, got) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		present += got[key].len != 0;
	return present;
}

/* Two traits that take all of the 16 bytes, so that any option of up to 20 bytes fits in its place. */
static void small_set(struct pkt_trait t[2])
{
	t[0] = trait(4, 4, value);
	t[1] = trait(9, 8, value + 4);
}

static void large_set(struct pkt_trait t[2])
{
	t[0] = trait(4, 16, value);
	t[1] = trait(9, 2, value);
}

static void small_set_is_sent_inline(void)
{
	static const __u8 expected[] = { 254, 20, 'T', 'R', 4, 4, 0xa0, 0xb1, 0xc2, 0xd3,
					 9, 8, 0xe4, 0xf5, 0x16, 0x27, 0x38, 0x49, 0x5a, 0x6b };
	struct pkt_trait set[2];
	struct wire w;
	int fd;

	small_set(set);
	wire_set(0, NULL, 0);
	fd = accepted_from("127.0.0.1", "127.0.0.1", set, 2);
	w = wire_get();
	CHECK(traits_on(fd) == 2 && w.options == 1 && !memcmp(w.seen, expected, sizeof(expected)));
	close(fd);
}

static void flags_are_sent_without_a_value(void)
{
	static const __u8 expected[] = { 254, 8, 'T', 'R', 0, 0, 63, 0 };
	struct wire w;
	int fd;

	wire_set(0, NULL, 0);
	fd = accepted_from("127.0.0.1", "127.0.0.1",
			   (struct pkt_trait[]){ trait(63, PKT_TRAIT_FLAG, NULL), trait(0, PKT_TRAIT_FLAG, NULL) }, 2);
	w = wire_get();
	CHECK(traits_on(fd) == 2 && !memcmp(w.seen, expected, sizeof(expected)));
	close(fd);
}

static void large_set_is_sent_as_a_ticket_that_never_repeats(void)
{
	static const __u8 expected[] = { 254, 14, 'T', 'R', 255, 8 };
	__u8 tickets[8][8];
	struct pkt_trait set[2];

	large_set(set);
	for (int i = 0; i < 8; i++) {
		struct wire w;
		int fd;

		wire_set(0, NULL, 0);
		fd = accepted_from("127.0.0.1", "127.0.0.1", set, 2);
		w = wire_get();
		CHECK(traits_on(fd) == 2 && !memcmp(w.seen, expected, sizeof(expected)));
		memcpy(tickets[i], w.seen + sizeof(expected), 8);
		for (int j = 0; j < i; j++)
			CHECK(memcmp(tickets[i], tickets[j], 8));
		close(fd);
	}
}

static void only_the_syn_carries_the_option(void)
{
	struct pkt_trait set[2];
	const uint64_t sent = counter(COUNT_sent_inline);
	int fd;

	small_set(set);
	wire_set(0, NULL, 0);
	fd = accepted_from("127.0.0.1", "127.0.0.1", set, 2);
	CHECK(wire_get().syns == 1 && counter(COUNT_sent_inline) == sent + 1);
	close(fd);
}

static void retransmitted_syn_delivers(const char *what)
{
	struct pkt_trait set[2];
	const bool large = !strcmp(what, "ticket");
	const uint64_t sent = counter(large ? COUNT_sent_ticket : COUNT_sent_inline);
	int fd;

	if (large)
		large_set(set);
	else
		small_set(set);
	wire_set(1, NULL, 0);
	fd = accepted_from("127.0.0.1", "127.0.0.1", set, 2);
	CHECK(wire_get().options == 2 && wire_get().drop == 0);
	CHECK(traits_on(fd) == 2);
	CHECK(counter(large ? COUNT_sent_ticket : COUNT_sent_inline) == sent + 1);
	close(fd);
}

static void inline_traits_of(const char *from, int present, uint32_t cause)
{
	struct pkt_trait set[2];
	const uint64_t before = counter(cause);
	int fd;

	small_set(set);
	wire_set(0, NULL, 0);
	fd = accepted_from(from, SERVER, set, 2);
	CHECK(traits_on(fd) == present);
	CHECK(counter(cause) == before + 1);
	close(fd);
}

static void ticket_from_an_untrusted_address_is_accepted(void)
{
	struct pkt_trait set[2];
	const uint64_t before = counter(COUNT_received_ticket);
	int fd;

	large_set(set);
	wire_set(0, NULL, 0);
	fd = accepted_from(UNTRUSTED, SERVER, set, 2);
	CHECK(traits_on(fd) == 2 && counter(COUNT_received_ticket) == before + 1);
	close(fd);
}

/* A server elsewhere has seen a ticket, and connects back with it from its own address. */
static void ticket_of_another_path_is_refused(void)
{
	struct address at = address_of(ELSEWHERE, 0);
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET);
	struct address source = address_of(TRUSTED, 0);
	const uint64_t untrusted = counter(COUNT_untrusted);
	struct pkt_trait set[2];
	struct wire w;
	int fd;

	MUST(listen(listener, 1)); /* does not save: the ticket is not taken */
	MUST(bind(client, &source.any, source.len));
	large_set(set);
	wire_set(0, NULL, 0);
	CHECK(set_traits(client, &n, set, 2) == 0);
	MUST(connect(client, &at.any, at.len));
	w = wire_get();
	wire_set(0, w.seen, w.seen[1]);
	small_set(set);
	fd = accepted_from(UNTRUSTED, SERVER, set, 2);
	CHECK(traits_on(fd) == 0 && counter(COUNT_untrusted) == untrusted + 1);
	close(fd);
	/* The same ticket where its sender is: it was still there, and is taken once. */
	fd = accepted_from(TRUSTED, SERVER, set, 2);
	CHECK(traits_on(fd) == 2);
	close(fd);
	fd = accepted_from(TRUSTED, SERVER, set, 2);
	CHECK(traits_on(fd) == 0);
	close(fd);
	close(client);
	close(listener);
}

static const struct {
	const char *name;
	uint32_t cause;
	__u8 len;
	__u8 bytes[WIRE_OPTION];
} shapes[] = {
	{ "unknown ticket", COUNT_unknown_ticket, 14, { 254, 14, 'T', 'R', 255, 8, 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ "two options of ours", COUNT_malformed, 20,
	  { 254, 10, 'T', 'R', 4, 4, 1, 2, 3, 4, 254, 10, 'T', 'R', 5, 4, 1, 2, 3, 4 } },
	{ "no TLV", COUNT_malformed, 4, { 254, 4, 'T', 'R' } },
	{ "TLV without its size", COUNT_malformed, 5, { 254, 5, 'T', 'R', 4 } },
	{ "TLV without its value", COUNT_malformed, 6, { 254, 6, 'T', 'R', 4, 4 } },
	{ "TLV cut off in its value", COUNT_malformed, 9, { 254, 9, 'T', 'R', 4, 4, 1, 2, 3 } },
	{ "second TLV cut off", COUNT_malformed, 13, { 254, 13, 'T', 'R', 4, 4, 1, 2, 3, 4, 5, 2, 9 } },
	{ "byte after the last TLV", COUNT_malformed, 11, { 254, 11, 'T', 'R', 4, 4, 1, 2, 3, 4, 0 } },
	{ "key 64", COUNT_malformed, 10, { 254, 10, 'T', 'R', 64, 4, 1, 2, 3, 4 } },
	{ "key 254", COUNT_malformed, 10, { 254, 10, 'T', 'R', 254, 4, 1, 2, 3, 4 } },
	{ "duplicate key", COUNT_malformed, 12, { 254, 12, 'T', 'R', 4, 2, 1, 2, 4, 2, 3, 4 } },
	{ "duplicate key of another length", COUNT_malformed, 10, { 254, 10, 'T', 'R', 4, 0, 4, 2, 3, 4 } },
	{ "keys out of order", COUNT_malformed, 12, { 254, 12, 'T', 'R', 5, 2, 1, 2, 4, 2, 3, 4 } },
	{ "value of 1 byte", COUNT_malformed, 7, { 254, 7, 'T', 'R', 4, 1, 1 } },
	{ "value of 3 bytes", COUNT_malformed, 9, { 254, 9, 'T', 'R', 4, 3, 1, 2, 3 } },
	{ "value of 255 bytes", COUNT_malformed, 10, { 254, 10, 'T', 'R', 4, 255, 1, 2, 3, 4 } },
	{ "good TLV before a bad one", COUNT_malformed, 16, { 254, 16, 'T', 'R', 4, 4, 1, 2, 3, 4, 70, 4, 1, 2, 3, 4 } },
	{ "ticket of 4 bytes", COUNT_malformed, 10, { 254, 10, 'T', 'R', 255, 4, 1, 2, 3, 4 } },
	{ "ticket after a TLV", COUNT_malformed, 16, { 254, 16, 'T', 'R', 4, 0, 255, 8, 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ "TLV after a ticket", COUNT_malformed, 16, { 254, 16, 'T', 'R', 255, 8, 1, 2, 3, 4, 5, 6, 7, 8, 4, 0 } },
	{ "another ExID", COUNT_foreign, 10, { 254, 10, 'T', 'S', 4, 4, 1, 2, 3, 4 } },
	{ "no ExID", COUNT_foreign, 2, { 254, 2 } },
	{ "half an ExID", COUNT_foreign, 3, { 254, 3, 'T' } },
};

static void shape_leaves_no_traits(size_t i)
{
	const uint64_t before = counter(shapes[i].cause), inline_before = counter(COUNT_received_inline);
	struct pkt_trait set[2];
	int fd;

	small_set(set);
	wire_set(0, shapes[i].bytes, shapes[i].len);
	fd = accepted_from(TRUSTED, SERVER, set, 2);
	CHECK(traits_on(fd) == 0);
	CHECK(counter(shapes[i].cause) == before + 1 && counter(COUNT_received_inline) == inline_before);
	close(fd);
}

/* The list of TCP options itself is broken. */
static const struct {
	const char *name;
	__u8 len;
	__u8 bytes[WIRE_OPTION];
} broken[] = {
	{ "option of length 0", 4, { 254, 0, 'T', 'R' } },
	{ "option of length 1", 4, { 254, 1, 'T', 'R' } },
	{ "option beyond the header", 20, { 254, 21, 'T', 'R', 4, 4, 1, 2, 3, 4, 5, 2, 1, 2, 6, 0, 7, 0, 8, 0 } },
	{ "option far beyond the header", 4, { 254, 255, 'T', 'R' } },
	{ "another option beyond the header after ours", 18,
	  { 254, 10, 'T', 'R', 4, 4, 1, 2, 3, 4, 253, 200, 0, 0, 0, 0, 0, 0 } },
	{ "another option of length 0 after ours", 18,
	  { 254, 10, 'T', 'R', 4, 4, 1, 2, 3, 4, 253, 0, 1, 1, 1, 1, 1, 1 } },
};

/*
 * Since 6.7 the kernel drops such a SYN if it was built with TCP-AO or MD5; before, it served the
 * connection. Either way nobody sees traits, and the next connection is not affected.
 */
static void broken_list_leaves_no_traits(size_t i)
{
	const uint64_t malformed = counter(COUNT_malformed);
	struct address at = address_of(SERVER, 0), source = address_of(TRUSTED, 0), peer = { .len = sizeof(peer.v6) };
	const int listener = saving_listener(&at, &n), client = bound_socket(&source), next = tcp_socket(AF_INET);
	struct pkt_trait set[2];
	int accepted;

	small_set(set);
	wire_set(0, broken[i].bytes, broken[i].len);
	CHECK(set_traits(client, &n, set, 2) == 0);
	MUST(fcntl(client, F_SETFL, O_NONBLOCK));
	CHECK_ERRNO(connect(client, &at.any, at.len), EINPROGRESS);
	CHECK(wire_get().options == 1);
	MUST(connect(next, &at.any, at.len));
	accepted = MUST(accept(listener, &peer.any, &peer.len));
	CHECK(traits_on(accepted) == 0);
	CHECK(counter(COUNT_malformed) == malformed + (peer.v4.sin_port == source.v4.sin_port));
	close(accepted);
	close(client);
	close(next);
	close(listener);
}

/* Random bytes in the place of the option: traits or none, and the connection is served. */
static void random_bytes_are_served(unsigned int seed)
{
	srandom(seed);
	printf("# seed %u\n", seed);
	for (int i = 0; i < 1000; i++) {
		struct pkt_trait set[2];
		const int len = 4 + random() % 17;
		__u8 bytes[20] = { 254, len, 'T', 'R' };

		small_set(set);
		for (int b = 4; b < len; b++)
			bytes[b] = random() % 2 ? random() % 10 : random();
		wire_set(0, bytes, len);
		close(accepted_from(TRUSTED, SERVER, set, 2));
	}
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts);
	struct bpf_object *object;

	if (argc != 3) {
		fprintf(stderr, "usage: %s OBJECT COUNTERS\n", argv[0]);
		return 2;
	}
	object = bpf_object__open_file(argv[1], NULL);
	MUST(object ? bpf_object__load(object) : -1);
	hook.ifindex = if_nametoindex("lo");
	opts.prog_fd = bpf_program__fd(bpf_object__find_program_by_name(object, "wire_egress"));
	MUST(bpf_tc_hook_create(&hook));
	MUST(bpf_tc_attach(&hook, &opts));
	wire_map = bpf_object__find_map_fd_by_name(object, "wire");
	counters_map = MUST(bpf_obj_get(argv[2]));

	RUN(small_set_is_sent_inline);
	RUN(flags_are_sent_without_a_value);
	RUN(large_set_is_sent_as_a_ticket_that_never_repeats);
	RUN(only_the_syn_carries_the_option);
	RUN(retransmitted_syn_delivers, "inline");
	RUN(retransmitted_syn_delivers, "ticket");
	RUN(inline_traits_of, TRUSTED, 2, COUNT_received_inline);
	RUN(inline_traits_of, UNTRUSTED, 0, COUNT_untrusted);
	RUN(ticket_from_an_untrusted_address_is_accepted);
	RUN(ticket_of_another_path_is_refused);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		tap_case_failed = 0;
		shape_leaves_no_traits(i);
		tap_result(shapes[i].name);
	}
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		tap_case_failed = 0;
		broken_list_leaves_no_traits(i);
		tap_result(broken[i].name);
	}
	RUN(random_bytes_are_served, time(NULL));
	bpf_object__close(object);
	return tap_end();
}
