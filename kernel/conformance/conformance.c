// SPDX-License-Identifier: Apache-2.0
/*
 * The TCP half of the packet traits socket API, statement by statement. Runs against the BPF
 * polyfill, or against a kernel that has the API with the numbers of the RFC; where the polyfill
 * cannot do the same, the case says what it does instead.
 */
#include "get_cases.h"
#include "pair.h"
#include "set_cases.h"
#include "socket_cases.h"

static void accepted_socket_gets_what_was_set(const char *listen_on, const char *connect_to)
{
	const struct pkt_trait set[] = { trait(4, 4, bytes), trait(9, 8, bytes + 3) };
	struct address at = address_of(listen_on, 0), to;
	const int listener = saving_listener(&at, &n);
	int client, accepted;

	to = address_of(connect_to, ntohs(at.any.sa_family == AF_INET ? at.v4.sin_port : at.v6.sin6_port));
	client = tcp_socket(to.any.sa_family);
	CHECK(set_traits(client, &n, set, 2) == 0);
	MUST(connect(client, &to.any, to.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 4, bytes));
	CHECK(has(accepted, 9, 8, bytes + 3));
	CHECK(has(accepted, 5, 0, NULL));
	close(client);
	close(accepted);
	close(listener);
}

static size_t every_size(struct pkt_trait *t)
{
	size_t count = 0;

	t[count++] = trait(63, 2, bytes);
	t[count++] = trait(0, 4, bytes + 1);
	t[count++] = trait(31, 8, bytes + 2);
	if (polyfill) {
		t[count++] = trait(32, 16, bytes);
		t[count++] = trait(7, PKT_TRAIT_FLAG, NULL);
	}
	return count;
}

static void every_value_size_arrives(void)
{
	struct pkt_trait set[8];
	const size_t count = every_size(set);
	struct pair p = connect_pair(loopback(), set, count);

	for (size_t i = 0; i < count; i++)
		CHECK(has(p.accepted, set[i].key, set[i].len, set[i].val));
	close_pair(&p);
}

static void full_set_arrives(void)
{
	struct pkt_trait set[PKT_TRAIT_KEYS], got[PKT_TRAIT_KEYS];
	struct pair p;
	int room = 0;

	for (int key = 0; key < PKT_TRAIT_KEYS; key++) { /* 36 * 4 + 28 * 2 = 200 */
		const int len = key % 16 < 9 ? 4 : 2;

		set[key] = trait(key, len, bytes + key % 12);
		room += len;
	}
	CHECK(room == PKT_TRAIT_ROOM);
	p = connect_pair(loopback(), set, PKT_TRAIT_KEYS);
	CHECK(get_all(p.accepted, &n, got) == 0);
	CHECK(!memcmp(set, got, sizeof(set)));
	close_pair(&p);
}

static void what_get_returned_can_be_set_unchanged(void)
{
	struct pkt_trait set[8], got[PKT_TRAIT_KEYS], again[PKT_TRAIT_KEYS];
	struct pair p = connect_pair(loopback(), set, every_size(set)), q;

	CHECK(get_all(p.accepted, &n, got) == 0);
	q = connect_pair(loopback(), got, PKT_TRAIT_KEYS);
	CHECK(get_all(q.accepted, &n, again) == 0);
	CHECK(!memcmp(got, again, sizeof(got)));
	close_pair(&p);
	close_pair(&q);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--case") && *value) {
			tap_only = value;
		} else if (!strcmp(argv[i], "--numbers") && !strcmp(value, "rfc")) {
			polyfill = false;
			n = (struct numbers){ 44, 45 };
		} else if (strcmp(argv[i], "--numbers") || strcmp(value, "polyfill")) {
			fprintf(stderr, "usage: %s [--numbers polyfill|rfc] [--case NAME]\n", argv[0]);
			return 2;
		}
	}
	RUN(save_toggles_and_reads_back);
	RUN(save_of_another_value_is_refused);
	RUN(accepted_socket_gets_what_was_set, "127.0.0.1", "127.0.0.1");
	RUN(accepted_socket_gets_what_was_set, "::1", "::1");
	RUN(accepted_socket_gets_what_was_set, "::", "127.0.0.1");
	RUN(accepted_socket_gets_what_was_set, "::", "::1");
	RUN(accepted_socket_gets_what_was_set, "127.0.0.1", "::ffff:127.0.0.1");
	RUN(every_value_size_arrives);
	RUN(full_set_arrives);
	RUN(get_when_saving_was_off_has_no_elements);
	RUN(saving_can_be_switched_on_while_listening);
	RUN(get_of_absent_key_is_not_an_error);
	RUN(get_takes_any_number_of_keys_in_any_order);
	RUN(get_overwrites_what_an_earlier_get_left);
	RUN(get_with_a_bad_size_is_refused);
	RUN(get_of_a_bad_key_fails_that_element_alone);
	RUN(set_with_a_bad_size_is_refused);
	RUN(set_of_len_0_is_ignored);
	RUN(what_get_returned_can_be_set_unchanged);
	RUN(set_is_read_back_before_and_after_connect);
	RUN(set_adds_and_overwrites);
	RUN(set_once_connecting_is_refused);
	RUN(too_many_traits_are_refused_whole);
	RUN(another_length_is_busy);
	RUN(bad_elements_fail_and_good_ones_are_applied);
	RUN(disconnect_clears);
	RUN(reset_connection_stays_readable);
	RUN(listener_keeps_its_own_traits_to_itself);
	if (polyfill) {
		RUN(abi_version_is_1);
		RUN(get_reads_keys_only_where_they_are);
		RUN(more_than_64_elements_are_refused);
		RUN(applications_own_saved_syn_is_left_alone);
		RUN(other_options_behave_as_ever);
	}
	return tap_end();
}
