// SPDX-License-Identifier: Apache-2.0
/*
 * The TCP half of the packet traits socket API, statement by statement. Runs against the BPF
 * polyfill, or against a kernel that has the API with the numbers of the RFC; where the polyfill
 * cannot do the same, the case says what it does instead.
 */
#include <fcntl.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "sockets.h"
#include "tap.h"

static struct numbers n = { TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS };
static bool polyfill = true;

static const __u8 bytes[16] = { 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
				0x38, 0x49, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf };

struct pair {
	int listener, client, accepted;
	struct address at;
};

static struct address loopback(void)
{
	return address_of("127.0.0.1", 0);
}

static struct pair connect_pair(struct address at, const struct pkt_trait *t, size_t count)
{
	struct pair p = { .at = at };

	p.listener = saving_listener(&p.at, &n);
	p.client = tcp_socket(p.at.any.sa_family);
	if (count)
		MUST(set_traits(p.client, &n, t, count));
	MUST(connect(p.client, &p.at.any, p.at.len));
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	return p;
}

static void close_pair(const struct pair *p)
{
	close(p->client);
	close(p->accepted);
	close(p->listener);
}

static bool is(const struct pkt_trait *t, int key, int len, const void *val)
{
	const struct pkt_trait expected = trait(key, len, val);

	return !memcmp(t, &expected, sizeof(expected));
}

static struct pkt_trait get_one(int fd, int key)
{
	struct pkt_trait t = trait(key, 0, NULL);

	CHECK(get_traits(fd, &n, &t, 1) == 0);
	return t;
}

static bool has(int fd, int key, int len, const void *val)
{
	const struct pkt_trait t = get_one(fd, key);

	return is(&t, key, len, val);
}

static void disconnect(int fd)
{
	const struct sockaddr unspec = { .sa_family = AF_UNSPEC };

	CHECK(connect(fd, &unspec, sizeof(unspec)) == 0);
}

static void abi_version_is_1(void)
{
	const int fd = tcp_socket(AF_INET);
	int version = 0;
	socklen_t len = sizeof(version);

	CHECK(getsockopt(fd, IPPROTO_TCP, TRAITS_ABI, &version, &len) == 0);
	CHECK(version == 1 && len == sizeof(version));
	len = 3;
	CHECK_ERRNO(getsockopt(fd, IPPROTO_TCP, TRAITS_ABI, &version, &len), EINVAL);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, TRAITS_ABI, &version, sizeof(version)), ENOPROTOOPT);
	close(fd);
}

static int get_save(int fd)
{
	int on = -1;
	socklen_t len = sizeof(on);

	CHECK(getsockopt(fd, IPPROTO_TCP, n.save, &on, &len) == 0 && len == sizeof(on));
	return on;
}

static void save_toggles_and_reads_back(void)
{
	const int fd = tcp_socket(AF_INET);

	CHECK(get_save(fd) == 0);
	CHECK(set_save(fd, &n, 1) == 0 && get_save(fd) == 1);
	CHECK(set_save(fd, &n, 0) == 0 && get_save(fd) == 0);
	close(fd);
}

static void save_of_another_value_is_refused(void)
{
	const int fd = tcp_socket(AF_INET), on = 1;

	CHECK_ERRNO(set_save(fd, &n, 2), EINVAL);
	CHECK_ERRNO(set_save(fd, &n, -1), EINVAL);
	CHECK_ERRNO(set_save(fd, &n, 256), EINVAL);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.save, &on, 3), EINVAL);
	CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.save, &on, 0), EINVAL);
	CHECK(get_save(fd) == 0);
	close(fd);
}

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

static void get_when_saving_was_off_has_no_elements(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pkt_trait got[2] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET);
	socklen_t len = sizeof(got);
	int accepted;

	MUST(listen(listener, 1));
	CHECK(set_traits(client, &n, &set, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(getsockopt(accepted, IPPROTO_TCP, n.syn, got, &len) == 0);
	if (polyfill) /* BPF cannot answer optlen 0 */
		CHECK(len == sizeof(got) && is(&got[0], 4, 0, NULL) && is(&got[1], 5, 0, NULL));
	else
		CHECK(len == 0);
	close(client);
	close(accepted);
	close(listener);
}

static void saving_can_be_switched_on_while_listening(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET);
	int accepted;

	MUST(listen(listener, 1));
	CHECK(set_save(listener, &n, 1) == 0);
	CHECK(set_traits(client, &n, &set, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 4, bytes));
	close(client);
	close(accepted);
	close(listener);
}

static void get_of_absent_key_is_not_an_error(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair with = connect_pair(loopback(), &set, 1), without = connect_pair(loopback(), NULL, 0);

	CHECK(has(with.accepted, 5, 0, NULL));
	CHECK(has(without.accepted, 4, 0, NULL));
	close_pair(&with);
	close_pair(&without);
}

static void get_takes_any_number_of_keys_in_any_order(void)
{
	const struct pkt_trait set[] = { trait(60, 2, bytes), trait(1, 8, bytes), trait(30, 4, bytes) };
	const int keys[] = { 30, 2, 1, 60, 1, 0, 30 };
	struct pair p = connect_pair(loopback(), set, 3);
	struct pkt_trait got[7];

	for (size_t count = 1; count <= 7; count++) {
		for (size_t i = 0; i < count; i++)
			got[i] = trait(keys[i], 0, NULL);
		CHECK(get_traits(p.accepted, &n, got, count) == 0);
		for (size_t i = 0; i < count; i++) {
			const int len = keys[i] == 60 ? 2 : keys[i] == 1 ? 8 : keys[i] == 30 ? 4 : 0;

			CHECK(is(&got[i], keys[i], len, bytes));
		}
	}
	close_pair(&p);
}

static void get_overwrites_what_an_earlier_get_left(void)
{
	const struct pkt_trait set = trait(4, 2, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct pkt_trait got[2] = { trait(4, 16, bytes), trait(5, 16, bytes) };

	CHECK(get_traits(p.accepted, &n, got, 2) == 0);
	CHECK(is(&got[0], 4, 2, bytes) && is(&got[1], 5, 0, NULL));
	close_pair(&p);
}

static void get_with_a_bad_size_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct pkt_trait got[2] = { trait(4, 0, NULL), trait(5, 0, NULL) };
	const socklen_t sizes[] = { 0, 1, 8, 23, 25, 47 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		socklen_t len = sizes[i];

		CHECK_ERRNO(getsockopt(p.accepted, IPPROTO_TCP, n.syn, got, &len), EINVAL);
	}
	close_pair(&p);
}

static void get_of_a_bad_key_fails_that_element_alone(void)
{
	const struct pkt_trait set[] = { trait(4, 4, bytes), trait(6, 2, bytes) };
	struct pair p = connect_pair(loopback(), set, 2);
	struct pkt_trait got[] = { trait(4, 0, NULL), trait(64, 0, NULL), trait(6, 0, NULL) };
	const int result = get_traits(p.accepted, &n, got, 3);

	if (polyfill) /* the kernel does not copy the buffer out when BPF answers an error */
		CHECK(result == 0);
	else
		CHECK(result == -1 && errno == EIO);
	CHECK(is(&got[0], 4, 4, bytes) && is(&got[2], 6, 2, bytes));
	CHECK(got[1].key == 64 && got[1].len == 0 && got[1].io_err == EINVAL);
	close_pair(&p);
}

static void get_reads_keys_only_where_they_are(void)
{
	struct pkt_trait *got = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);

	CHECK(got != MAP_FAILED);
	CHECK_ERRNO(get_traits(p.accepted, &n, NULL, 1), EFAULT);
	/* No page is there yet: all keys in order need no input, a single key does. */
	CHECK_ERRNO(get_traits(p.accepted, &n, got, 1), EFAULT);
	CHECK(get_traits(p.accepted, &n, got, PKT_TRAIT_KEYS) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		CHECK(is(&got[key], key, key == 4 ? 4 : 0, bytes));
	munmap(got, 8192);
	close_pair(&p);
}

static void set_with_a_bad_size_is_refused(void)
{
	const struct pkt_trait set[2] = { trait(4, 4, bytes), trait(5, 4, bytes) };
	const int fd = tcp_socket(AF_INET);
	const socklen_t sizes[] = { 0, 1, 23, 25, 47 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		CHECK_ERRNO(setsockopt(fd, IPPROTO_TCP, n.syn, set, sizes[i]), EINVAL);
	CHECK(has(fd, 4, 0, NULL));
	close(fd);
}

static void more_than_64_elements_are_refused(void)
{
	struct pkt_trait t[65];
	const int fd = tcp_socket(AF_INET);

	for (int i = 0; i < 65; i++)
		t[i] = trait(1, 2, bytes);
	CHECK_ERRNO(set_traits(fd, &n, t, 65), EINVAL);
	CHECK_ERRNO(get_traits(fd, &n, t, 65), EINVAL);
	CHECK(set_traits(fd, &n, t, 64) == 0);
	close(fd);
}

static void set_of_len_0_is_ignored(void)
{
	const struct pkt_trait set[] = { trait(4, 0, NULL), trait(5, 2, bytes), trait(6, 0, NULL) };
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, set, 1) == 0);
	CHECK(set_traits(fd, &n, set, 3) == 0);
	CHECK(has(fd, 4, 0, NULL) && has(fd, 5, 2, bytes) && has(fd, 6, 0, NULL));
	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(5, 0, NULL) }, 1) == 0);
	CHECK(has(fd, 5, 2, bytes));
	close(fd);
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

static void set_is_read_back_before_and_after_connect(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listener = saving_listener(&at, &n), client = tcp_socket(AF_INET);

	CHECK(set_traits(client, &n, &set, 1) == 0);
	CHECK(has(client, 4, 4, bytes));
	MUST(connect(client, &at.any, at.len));
	CHECK(has(client, 4, 4, bytes));
	close(client);
	close(listener);
}

static void set_adds_and_overwrites(void)
{
	const int fd = tcp_socket(AF_INET);

	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(4, 2, bytes), trait(5, 4, bytes) }, 2) == 0);
	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(4, 2, bytes + 7), trait(6, 8, bytes) }, 2) == 0);
	CHECK(has(fd, 4, 2, bytes + 7) && has(fd, 5, 4, bytes) && has(fd, 6, 8, bytes));
	CHECK(set_traits(fd, &n, (struct pkt_trait[]){ trait(5, 4, bytes), trait(5, 4, bytes + 1) }, 2) == 0);
	CHECK(has(fd, 5, 4, bytes + 1));
	close(fd);
}

static int syn_sent_socket(struct address *at, int *listener, int *first)
{
	const int fd = tcp_socket(AF_INET);

	*listener = bound_socket(at);
	MUST(listen(*listener, 0)); /* one connection fills the queue, the next SYN is not answered */
	*first = tcp_socket(AF_INET);
	MUST(connect(*first, &at->any, at->len));
	MUST(fcntl(fd, F_SETFL, O_NONBLOCK));
	return fd;
}

static void set_once_connecting_is_refused(void)
{
	const struct pkt_trait set = trait(4, 4, bytes), other = trait(5, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct address at = loopback();
	int listener, first;
	const int connecting = syn_sent_socket(&at, &listener, &first);

	CHECK_ERRNO(set_traits(p.listener, &n, &other, 1), EOPNOTSUPP);
	CHECK_ERRNO(set_traits(p.client, &n, &other, 1), EOPNOTSUPP);
	CHECK_ERRNO(set_traits(p.accepted, &n, &other, 1), EOPNOTSUPP);
	CHECK(set_traits(connecting, &n, &set, 1) == 0);
	CHECK_ERRNO(connect(connecting, &at.any, at.len), EINPROGRESS);
	CHECK_ERRNO(set_traits(connecting, &n, &other, 1), EOPNOTSUPP);
	CHECK(has(connecting, 4, 4, bytes));
	close(connecting);
	close(first);
	close(listener);
	close_pair(&p);
}

static void too_many_traits_are_refused_whole(void)
{
	struct pkt_trait set[26];
	const int first = tcp_socket(AF_INET), second = tcp_socket(AF_INET);

	for (int i = 0; i < 26; i++) /* 208 bytes */
		set[i] = trait(i, 8, bytes);
	CHECK_ERRNO(set_traits(first, &n, set, 26), ENOSPC);
	CHECK(set_traits(second, &n, set, 25) == 0); /* 200 bytes fit */
	CHECK_ERRNO(set_traits(second, &n, set + 25, 1), ENOSPC);
	CHECK(has(second, 24, 8, bytes));
	CHECK(set_traits(second, &n, set, 25) == 0); /* overwriting takes no room */
	if (polyfill) { /* nothing of the refused call is applied */
		CHECK(has(first, 0, 0, NULL));
		set[0].val[0] ^= 1;
		CHECK_ERRNO(set_traits(second, &n, (struct pkt_trait[]){ set[0], set[25] }, 2), ENOSPC);
		CHECK(has(second, 0, 8, bytes));
		CHECK(set_traits(second, &n, (struct pkt_trait[]){ trait(40, PKT_TRAIT_FLAG, NULL) }, 1) == 0);
	}
	close(first);
	close(second);
}

static void another_length_is_busy(void)
{
	const int fd = tcp_socket(AF_INET);
	struct pkt_trait set[] = { trait(4, 4, bytes), trait(4, 8, bytes), trait(5, 4, bytes) };

	CHECK_ERRNO(set_traits(fd, &n, set, 3), EIO);
	if (!polyfill)
		CHECK(set[1].io_err == EBUSY || set[1].io_err == 0);
	CHECK(has(fd, 4, 4, bytes) && has(fd, 5, 4, bytes));
	CHECK_ERRNO(set_traits(fd, &n, (struct pkt_trait[]){ trait(5, 2, bytes), trait(6, 2, bytes) }, 2), EIO);
	CHECK(has(fd, 5, 4, bytes) && has(fd, 6, 2, bytes));
	close(fd);
}

static void bad_elements_fail_and_good_ones_are_applied(void)
{
	struct pkt_trait bad[] = {
		trait(64, 4, bytes), trait(255, 4, bytes), trait(1, 1, bytes), trait(1, 3, bytes), trait(1, 5, bytes),
		trait(1, 15, bytes), trait(1, 4, bytes), trait(1, 4, bytes), trait(1, 4, bytes), trait(1, 0, NULL),
		trait(1, 0, NULL), trait(1, 0, NULL),
	};
	const size_t count = sizeof(bad) / sizeof(bad[0]);

	bad[6]._zpad_1 = 1;
	bad[7]._zpad_2 = 1 << 24;
	bad[8].io_err = EIO;
	bad[9].len = 17;
	bad[10].len = 128;
	bad[11].len = 254;
	for (size_t i = 0; i < count; i++) {
		const struct pkt_trait set[] = { trait(2, 2, bytes), bad[i], trait(3, 8, bytes) };
		const int fd = tcp_socket(AF_INET);

		CHECK_ERRNO(set_traits(fd, &n, set, 3), EIO);
		CHECK(has(fd, 1, 0, NULL) && has(fd, 2, 2, bytes) && has(fd, 3, 8, bytes));
		close(fd);
	}
}

static void disconnect_clears(void)
{
	const struct pkt_trait set = trait(4, 4, bytes), next = trait(5, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	struct address at = p.at;
	int again;

	disconnect(p.accepted);
	CHECK(has(p.accepted, 4, 0, NULL));
	disconnect(p.client);
	CHECK(has(p.client, 4, 0, NULL));
	CHECK(set_traits(p.client, &n, &next, 1) == 0);
	CHECK(has(p.client, 4, 0, NULL) && has(p.client, 5, 4, bytes));
	MUST(connect(p.client, &at.any, at.len));
	again = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(again, 4, 0, NULL) && has(again, 5, 4, bytes));
	disconnect(p.client);
	MUST(connect(p.client, &at.any, at.len)); /* nothing was set since */
	close(again);
	again = MUST(accept(p.listener, NULL, NULL));
	CHECK(has(again, 4, 0, NULL) && has(again, 5, 0, NULL));
	close(again);
	close_pair(&p);
}

static void reset_connection_stays_readable(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct pair p = connect_pair(loopback(), &set, 1);
	const struct linger now = { .l_onoff = 1 };
	char byte;

	MUST(setsockopt(p.client, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	close(p.client);
	CHECK_ERRNO(read(p.accepted, &byte, 1), ECONNRESET);
	CHECK(has(p.accepted, 4, 4, bytes));
	p.client = -1;
	close_pair(&p);
}

static void listener_keeps_its_own_traits_to_itself(void)
{
	const struct pkt_trait own = trait(4, 4, bytes), sent = trait(5, 4, bytes);
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET), silent = tcp_socket(AF_INET);
	int accepted;

	CHECK(set_save(listener, &n, 1) == 0);
	CHECK(set_traits(listener, &n, &own, 1) == 0);
	MUST(listen(listener, 2));
	CHECK(set_traits(client, &n, &sent, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 0, NULL) && has(accepted, 5, 4, bytes));
	close(accepted);
	MUST(connect(silent, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 4, 0, NULL) && has(accepted, 5, 0, NULL));
	close(accepted);
	close(client);
	close(silent);
	close(listener);
}

static void applications_own_saved_syn_is_left_alone(void)
{
	const struct pkt_trait set = trait(4, 4, bytes);
	struct address at = loopback();
	const int listener = bound_socket(&at), client = tcp_socket(AF_INET), two = 2;
	__u8 syn[256];
	socklen_t len = sizeof(syn);
	int accepted, save = 0;
	socklen_t int_len = sizeof(save);

	MUST(setsockopt(listener, IPPROTO_TCP, TCP_SAVE_SYN, &two, sizeof(two)));
	CHECK(set_save(listener, &n, 1) == 0);
	MUST(listen(listener, 1));
	CHECK(getsockopt(listener, IPPROTO_TCP, TCP_SAVE_SYN, &save, &int_len) == 0 && save == 2);
	CHECK(set_traits(client, &n, &set, 1) == 0);
	MUST(connect(client, &at.any, at.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(getsockopt(accepted, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len) == 0);
	CHECK(len > 54 && syn[14] == 0x45); /* Ethernet header, then IPv4 */
	CHECK(has(accepted, 4, 4, bytes));
	CHECK(set_save(listener, &n, 0) == 0);
	CHECK(getsockopt(listener, IPPROTO_TCP, TCP_SAVE_SYN, &save, &int_len) == 0 && save == 2);
	close(client);
	close(accepted);
	close(listener);
}

static void other_options_behave_as_ever(void)
{
	const int tcp = tcp_socket(AF_INET), udp = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	const int local = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
	static char page[8192];
	int value = 1;
	socklen_t len = sizeof(value);

	CHECK(setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, len) == 0);
	value = 0;
	CHECK(getsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &value, &len) == 0 && value == 1 && len == sizeof(value));
	value = 20000;
	memcpy(page, &value, sizeof(value));
	CHECK(setsockopt(tcp, SOL_SOCKET, SO_RCVBUF, page, sizeof(page)) == 0);
	memset(page, 0x55, sizeof(page));
	len = sizeof(page);
	CHECK(getsockopt(tcp, SOL_SOCKET, SO_RCVBUF, page, &len) == 0 && len == sizeof(value));
	memcpy(&value, page, sizeof(value));
	CHECK(value == 40000 && page[4] == 0x55);
	len = sizeof(value);
	CHECK_ERRNO(setsockopt(tcp, IPPROTO_TCP, TRAITS_ABI + 3, &value, len), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(tcp, IPPROTO_TCP, TRAITS_ABI + 3, &value, &len), ENOPROTOOPT);
	CHECK_ERRNO(setsockopt(tcp, IPPROTO_IP, TCP_SYN_TRAITS, &value, len), ENOPROTOOPT);
	CHECK_ERRNO(setsockopt(udp, IPPROTO_TCP, TCP_SYN_TRAITS, &value, len), ENOPROTOOPT);
	CHECK_ERRNO(getsockopt(udp, IPPROTO_TCP, TRAITS_ABI, &value, &len), EOPNOTSUPP);
	CHECK_ERRNO(getsockopt(local, IPPROTO_TCP, TRAITS_ABI, &value, &len), EOPNOTSUPP);
	close(tcp);
	close(udp);
	close(local);
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
