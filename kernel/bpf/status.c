// SPDX-License-Identifier: Apache-2.0
/*
 * Prints key=value lines, a blank line between instances and devices.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "error.h"
#include "instance.h"
#include "pins.h"
#include "record.h"
#include "status.h"
#include "trust.h"

#define COUNTER_NAME(name) #name,
static const char *const counter_names[] = { TRAITS_COUNTERS(COUNTER_NAME) };
static const char *const device_counter_names[] = { DEVICE_COUNTERS(COUNTER_NAME) };

static int open_pin(uint64_t id, const char *name)
{
	char path[PATH_MAX];

	pin_path(path, id, name);
	return bpf_obj_get(path);
}

static int print_counters(int map, const char *const *names, uint32_t count)
{
	const int cpus = libbpf_num_possible_cpus();
	uint64_t *values;

	if (cpus < 0)
		return fail("cannot tell the number of CPUs: %s", strerror(-cpus));
	values = calloc(cpus, sizeof(*values));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t sum = 0;

		if (bpf_map_lookup_elem(map, &i, values)) {
			if (errno == ENOENT) /* of an earlier release, which had fewer */
				break;
			free(values);
			return fail("cannot read the counters: %s", strerror(errno));
		}
		for (int cpu = 0; cpu < cpus; cpu++)
			sum += values[cpu];
		printf("%s=%" PRIu64 "\n", names[i], sum);
	}
	free(values);
	return 0;
}

struct wanted {
	uint64_t only;
	int printed;
};

static int print_instance(uint64_t id, void *arg)
{
	struct wanted *wanted = arg;
	char path[PATH_MAX] = "";
	int trust, counts, error = 0;
	const char *state;

	if (wanted->only && wanted->only != id)
		return 0;
	trust = open_pin(id, "trust");
	counts = open_pin(id, "counts");
	printf("%s", wanted->printed++ ? "\n" : "");
	if (cgroup_path(id, path))
		state = instance_is_up(id) ? "up" : "broken";
	else
		state = errno == ESTALE ? "stale" : "unknown"; /* EPERM without CAP_DAC_READ_SEARCH */
	printf("state=%s\n", state);
	printf("cgroup=%s\nid=%" PRIu64 "\n", path, id);
	printf("by=%s\ntrust=", pin_exists(id, MARK_EXEC) ? "exec" : "up");
	if (trust >= 0)
		trust_print(trust);
	putchar('\n');
	if (counts >= 0)
		error = print_counters(counts, counter_names, COUNT_MAX);
	if (trust >= 0)
		close(trust);
	if (counts >= 0)
		close(counts);
	return error;
}

static int print_device(const struct device *device, void *arg)
{
	struct wanted *wanted = arg;
	struct record record = { 0 };
	const bool known = !record_read(device, &record);
	char path[PATH_MAX];
	int counts, error = 0;

	pins_of_device(path, device, "counts");
	counts = bpf_obj_get(path);
	printf("%s", wanted->printed++ ? "\n" : "");
	printf("state=%s\n", !known ? "broken" : record_is_attached(&record) ? "attached" : "stale");
	printf("dev=%s\nifindex=%" PRIu32 "\nnetns=%" PRIu64 "\n", record.name, device->ifindex, device->netns);
	if (counts >= 0) {
		error = print_counters(counts, device_counter_names, DEVICE_COUNT_MAX);
		close(counts);
	}
	return error;
}

int status_print(const char *dir)
{
	struct wanted wanted = { 0 };
	struct cgroup cg;

	if (dir) {
		if (cgroup_open(&cg, dir, false))
			return -1;
		wanted.only = cg.id;
		cgroup_close(&cg);
	}
	if (pins_each(print_instance, &wanted) || (!dir && pins_each_device(print_device, &wanted)))
		return -1;
	if (wanted.printed)
		return 0;
	if (dir)
		return fail("%s is not up; run: traits-bpf up --cgroup %s", dir, dir);
	fputs("traits-bpf: no cgroup directory is up, no device attached\n", stderr);
	return 0;
}
