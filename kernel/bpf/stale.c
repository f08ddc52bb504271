// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stddef.h>

#include "cgroup.h"
#include "pins.h"
#include "record.h"
#include "stale.h"

static int remove_if_stale(uint64_t id, void *arg)
{
	char path[PATH_MAX];

	(void)arg;
	if (!cgroup_path(id, path) && errno == ESTALE)
		pins_remove(id);
	return 0;
}

static int remove_device_if_stale(const struct device *device, void *arg)
{
	struct record record;

	(void)arg;
	if (record_read(device, &record) ? errno == ENOENT : !record_is_attached(&record))
		pins_remove_device(device);
	return 0;
}

void stale_remove(void)
{
	pins_each(remove_if_stale, NULL);
	pins_each_device(remove_device_if_stale, NULL);
}
