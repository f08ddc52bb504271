/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The BPF programs on one cgroup directory. The caller holds the lock.
 */
#ifndef TRAITS_INSTANCE_H
#define TRAITS_INSTANCE_H

#include "cgroup.h"
#include "trust.h"

bool instance_is_up(uint64_t id);
/* Id of the instance that serves the directory, its own or an ancestor's; 0 if none does. */
uint64_t instance_serving(const struct cgroup *cg);
int instance_up(const struct cgroup *cg, const struct trust *trust);
int instance_set_trust(uint64_t id, const struct trust *trust);

#endif
