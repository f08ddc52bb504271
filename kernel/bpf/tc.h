/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our filter on the ingress of a device of this network namespace. Results are 0 or -errno.
 */
#ifndef TRAITS_TC_H
#define TRAITS_TC_H

#include <stdbool.h>
#include <stdint.h>

struct tc_filter {
	uint32_t prog_id;
	uint32_t handle;
	uint32_t priority;
	uint32_t qdisc; /* the clsact qdisc is ours */
};

int tc_attach(int ifindex, int prog_fd, struct tc_filter *filter);
bool tc_attached(int ifindex, const struct tc_filter *filter);
int tc_detach(int ifindex, const struct tc_filter *filter);

#endif
