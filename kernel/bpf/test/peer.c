// SPDX-License-Identifier: Apache-2.0
/*
 * Two programs that know nothing but the raw system calls. Clients tell the server, through the
 * connection, which traits they set; the server compares them with what the kernel delivers.
 *
 *   peer server ADDRESS PORT COUNT expect|none [fastopen]
 *     serves COUNT connections and exits 0 if each had exactly its traits (none: had none at all)
 *   peer client ADDRESS PORT COUNT SEED small|brim|full|random|xdp [fastopen]
 *     xdp: sets nothing and tells of the trait 5 = 0x11223344, which XDP should set
 */
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/uio.h>

#include "../../conformance/sockets.h"

static const struct numbers n = { TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS };

struct set {
	struct pkt_trait t[PKT_TRAIT_KEYS];
};

static bool read_all(int fd, void *buffer, size_t size)
{
	for (size_t done = 0; done < size;) {
		const ssize_t got = read(fd, (char *)buffer + done, size - done);

		if (got <= 0)
			return false;
		done += got;
	}
	return true;
}

static int serve(struct address at, int count, bool expect, bool fastopen)
{
	const int listener = bound_socket(&at), queue = 64;
	int wrong = 0;

	if (fastopen)
		MUST(setsockopt(listener, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue)));
	MUST(set_save(listener, &n, 1));
	MUST(listen(listener, 512));
	printf("ready\n");
	fflush(stdout);
	for (int i = 0; i < count; i++) {
		const int fd = MUST(accept(listener, NULL, NULL));
		struct set told, got, absent = { 0 };

		for (int key = 0; key < PKT_TRAIT_KEYS; key++)
			absent.t[key].key = key;
		MUST(get_all(fd, &n, got.t));
		if (!read_all(fd, &told, sizeof(told)) || memcmp(&got, expect ? &told : &absent, sizeof(got)))
			wrong++;
		MUST(write(fd, "x", 1));
		close(fd);
	}
	printf("%d connections, %d wrong\n", count, wrong);
	return wrong != 0;
}

static void random_value(struct pkt_trait *t)
{
	for (int i = 0; i < value_size(t->len); i++)
		t->val[i] = random();
}

/* Of any size up to a full one; all elements in key order, absent ones with len 0. */
static void make_set(struct set *set, const char *kind)
{
	static const __u8 lens[] = { 2, 4, 8, 16, PKT_TRAIT_FLAG };
	const int wanted = !strcmp(kind, "small") ? 2 : !strcmp(kind, "full") ? 64 : random() % 65;
	int room = PKT_TRAIT_ROOM;

	memset(set, 0, sizeof(*set));
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		set->t[key].key = key;
	if (!strcmp(kind, "xdp")) {
		set->t[5] = trait(5, 4, &(__u32){ 0x11223344 });
		return;
	}
	if (!strcmp(kind, "brim")) { /* all of the 16 bytes that a plain SYN has room for */
		set->t[1] = trait(1, 4, "\xa0\xb1\xc2\xd3");
		set->t[2] = trait(2, 8, "\xe4\xf5\x16\x27\x38\x49\x5a\x6b");
		return;
	}
	for (int i = 0; i < wanted; i++) {
		struct pkt_trait *t = &set->t[wanted == 64 ? i : random() % PKT_TRAIT_KEYS];

		if (!strcmp(kind, "full"))
			t->len = i % 16 < 9 ? 4 : 2; /* 200 bytes in all */
		else if (!strcmp(kind, "small"))
			t->len = 4;
		else if (!t->len)
			t->len = lens[random() % 5];
		else
			continue;
		if (value_size(t->len) > room)
			t->len = PKT_TRAIT_FLAG;
		room -= value_size(t->len);
		random_value(t);
	}
}

static int call(const struct address *to, int count, const char *kind, bool fastopen)
{
	const struct linger no_time_wait = { .l_onoff = 1 };

	for (int i = 0; i < count; i++) {
		const int fd = tcp_socket(to->any.sa_family);
		struct set set;
		char byte;

		make_set(&set, kind);
		if (strcmp(kind, "xdp"))
			MUST(set_traits(fd, &n, set.t, PKT_TRAIT_KEYS));
		if (fastopen) {
			MUST(sendto(fd, &set, sizeof(set), MSG_FASTOPEN, &to->any, to->len) == sizeof(set) ? 0 : -1);
		} else {
			MUST(connect(fd, &to->any, to->len));
			MUST(write(fd, &set, sizeof(set)));
		}
		MUST(read(fd, &byte, 1) == 1 ? 0 : -1);
		MUST(setsockopt(fd, SOL_SOCKET, SO_LINGER, &no_time_wait, sizeof(no_time_wait)));
		close(fd);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const bool server = argc >= 6 && !strcmp(argv[1], "server"), client = argc >= 7 && !strcmp(argv[1], "client");
	const bool fastopen = argc > 6 && !strcmp(argv[argc - 1], "fastopen");
	struct address at;

	if (!server && !client) {
		fprintf(stderr, "usage: peer server ADDRESS PORT COUNT expect|none [fastopen]\n"
				"       peer client ADDRESS PORT COUNT SEED small|brim|full|random|xdp [fastopen]\n");
		return 2;
	}
	at = address_of(argv[2], atoi(argv[3]));
	if (server)
		return serve(at, atoi(argv[4]), !strcmp(argv[5], "expect"), fastopen);
	srandom(atoi(argv[5]));
	return call(&at, atoi(argv[4]), argv[6], fastopen);
}
