/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random datagrams, each compared with a model of the store.
 */
#ifndef UDP_MODEL_CASE_H
#define UDP_MODEL_CASE_H

#include "model.h"
#include "udp.h"

/* Elements in order, the first that fails decides. */
static int add_random_message(struct control *c, struct model *m, __u64 *random)
{
	const int count = 1 + draw(random, draw(random, 8) ? 4 : 40);
	struct pkt_trait t[40];
	int error = 0;

	for (int i = 0; i < count; i++) {
		t[i] = draw_element(random);
		if (!error)
			error = model_add(m, &t[i]);
		if (!error && m->used > PKT_TRAIT_ROOM)
			error = ENOSPC;
	}
	control_traits(c, t, count);
	return error;
}

static void random_datagram(const struct udp *u, __u64 *random, int number)
{
	struct pkt_trait expected[PKT_TRAIT_KEYS];
	struct control c = { 0 };
	struct model m = { 0 };
	const int messages = draw(random, 4);
	int error = 0;
	ssize_t sent;
	size_t count;
	const struct datagram *d;

	for (int i = 0; i < messages; i++) {
		const int failed = add_random_message(&c, &m, random);

		if (!error)
			error = failed;
	}
	errno = 0;
	sent = send_control(u->out, &u->at, &number, sizeof(number), &c, 0);
	NEED(error ? sent == -1 && errno == error : sent == sizeof(number));
	if (sent < 0)
		return;
	d = receive(u->in);
	count = model_traits(&m, expected);
	CHECK(d->len == sizeof(number) && !memcmp(d->payload, &number, sizeof(number)));
	CHECK(count ? brings(d, expected, count) : brings_none(d));
}

static void random_datagrams_are_as_in_the_model(const char *listen_on, const char *send_to, int seed, int datagrams)
{
	__u64 random = 0x9e3779b97f4a7c15ULL + seed;
	struct udp u = udp_between(listen_on, send_to);

	for (int i = 0; i < datagrams && !tap_case_failed; i++) {
		random_datagram(&u, &random, i);
		if (tap_case_failed)
			printf("# datagram %d\n", i);
	}
	close_udp(&u);
}

#endif
