/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random operations on TCP sockets, each compared with a model of the store.
 */
#ifndef TCP_MODEL_CASE_H
#define TCP_MODEL_CASE_H

#include "dump_cases.h"
#include "model.h"
#include "pair.h"

struct tcp_run {
	__u64 random;
	struct model model;
	struct pair pair;
};

static void random_set(struct tcp_run *r)
{
	struct pkt_trait before[40], set[40];
	struct model model = r->model;
	const int count = 1 + draw(&r->random, draw(&r->random, 8) ? 4 : 40);
	int errors[40], expected = 0, result;

	for (int i = 0; i < count; i++) {
		before[i] = set[i] = draw_element(&r->random);
		errors[i] = model_add(&model, &set[i]);
		if (errors[i])
			expected = EIO;
	}
	if (model.used > PKT_TRAIT_ROOM)
		expected = ENOSPC;
	else
		r->model = model;
	errno = 0;
	result = set_traits(r->pair.client, &n, set, count);
	CHECK(result == (expected ? -1 : 0) && errno == expected);
	for (int i = 0; i < count; i++) {
		if (writeback && expected == EIO && errors[i])
			before[i].io_err = errors[i];
		CHECK(!memcmp(&before[i], &set[i], sizeof(set[i])));
	}
}

static void random_get(struct tcp_run *r, int fd)
{
	struct pkt_trait got[PKT_TRAIT_KEYS];
	const int count = 1 + draw(&r->random, PKT_TRAIT_KEYS);

	for (int i = 0; i < count; i++)
		got[i] = trait(draw(&r->random, PKT_TRAIT_KEYS), 0, NULL);
	CHECK(get_traits(fd, &n, got, count) == 0);
	for (int i = 0; i < count; i++)
		CHECK(model_has(&r->model, &got[i]));
}

static void random_dump(struct tcp_run *r, int fd)
{
	struct pkt_trait expected[PKT_TRAIT_KEYS], got[PKT_TRAIT_KEYS];
	const int count = model_traits(&r->model, expected), room = 1 + draw(&r->random, PKT_TRAIT_KEYS);

	if (!count) {
		CHECK(dumps_nothing(fd));
	} else if (count > room) {
		CHECK_ERRNO(dump(fd, got, room), ENOSPC);
	} else {
		CHECK(dump(fd, got, room) == count);
		CHECK(!memcmp(expected, got, count * sizeof(got[0])));
	}
}

static void random_connect(struct tcp_run *r)
{
	struct pkt_trait got[PKT_TRAIT_KEYS];

	join_pair(&r->pair);
	CHECK(get_all(r->pair.accepted, &n, got) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++)
		CHECK(model_has(&r->model, &got[key]));
	random_dump(r, r->pair.accepted);
	random_get(r, r->pair.client);
	CHECK_ERRNO(set_traits(r->pair.client, &n, got, 1), EOPNOTSUPP);
	close(r->pair.accepted);
	if (draw(&r->random, 2)) {
		disconnect(r->pair.client);
	} else {
		close(r->pair.client);
		r->pair.client = tcp_socket(r->pair.at.any.sa_family);
	}
	memset(&r->model, 0, sizeof(r->model));
}

static void random_operations_are_as_in_the_model(const char *at, int seed, int operations)
{
	struct tcp_run r = { .random = 0x9e3779b97f4a7c15ULL + seed, .pair = listen_pair(address_of(at, 0), 1) };

	for (int i = 0; i < operations && !tap_case_failed; i++) {
		switch (draw(&r.random, 16)) {
		case 0:
			random_connect(&r);
			break;
		case 1:
		case 2:
		case 3:
			random_dump(&r, r.pair.client);
			break;
		case 4:
		case 5:
		case 6:
			random_get(&r, r.pair.client);
			break;
		default:
			random_set(&r);
		}
		if (tap_case_failed)
			printf("# operation %d\n", i);
	}
	close(r.pair.client);
	close(r.pair.listener);
}

#endif
