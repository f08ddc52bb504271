// SPDX-License-Identifier: Apache-2.0
/*
 * The filter keeps the program, which is removed with the device. Its counters and the record of
 * where the filter is are pinned.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "error.h"
#include "lock.h"
#include "object.h"
#include "pins.h"
#include "record.h"
#include "stale.h"
#include "tc.h"

EMBED(ingress_object, "ingress.bpf.o");

static int device_find(const char *name, struct device *device)
{
	struct stat netns;

	device->ifindex = if_nametoindex(name);
	if (!device->ifindex)
		return fail("no device %s in this network namespace; see: ip link", name);
	if (stat("/proc/self/ns/net", &netns))
		return fail("/proc/self/ns/net: %s", strerror(errno));
	device->netns = netns.st_ino;
	return 0;
}

static int pin_and_attach(struct bpf_object *object, const struct device *device, const char *name)
{
	struct record record = { 0 };
	char path[PATH_MAX];
	int error;

	pins_of_device(path, device, "");
	if (mkdir(path, 0700) || pins_share())
		return explain(path, errno);
	if (object_share(object, "traits_xdp", PIN_SHARED "/xdp"))
		return -1;
	if (bpf_object__load(object))
		return explain("cannot load the BPF program", errno);
	pins_of_device(path, device, "counts");
	if (bpf_map__pin(bpf_object__find_map_by_name(object, "ingress_counts"), path))
		return explain(path, errno);
	error = tc_attach(device->ifindex, bpf_program__fd(bpf_object__find_program_by_name(object, "traits_ingress")),
			  &record.filter);
	if (error)
		return explain(name, -error);
	snprintf(record.name, sizeof(record.name), "%s", name);
	if (record_pin(device, &record)) {
		tc_detach(device->ifindex, &record.filter);
		return -1;
	}
	return 0;
}

static int attach(const struct device *device, const char *name)
{
	struct record record;
	struct bpf_object *object;
	int error;

	libbpf_listen();
	if (!record_read(device, &record) && tc_attached(device->ifindex, &record.filter))
		return 0;
	pins_remove_device(device);
	object = object_open(ingress_object, ingress_object_end);
	if (!object)
		return -1;
	error = pin_and_attach(object, device, name);
	if (error)
		pins_remove_device(device);
	bpf_object__close(object);
	return error;
}

static int detach(const struct device *device, const char *name)
{
	struct record record;
	int error;

	libbpf_listen();
	if (record_read(device, &record) || !tc_attached(device->ifindex, &record.filter))
		return fail("%s is not attached", name);
	error = tc_detach(device->ifindex, &record.filter);
	if (error)
		return explain(name, -error);
	pins_remove_device(device);
	return 0;
}

static int locked(int (*command)(const struct device *device, const char *name), const char *name)
{
	struct device device;
	int lock, error;

	if (device_find(name, &device))
		return -1;
	/* `ip netns exec` hides it: one that we mounted there would be gone with this process. */
	if (!bpffs_mounted())
		return fail("no BPF file system on " PIN_ROOT "; run: mount -t bpf bpf " PIN_ROOT
			    ", and instead of `ip netns exec NAME` use: nsenter --net=/run/netns/NAME");
	lock = lock_take();
	if (lock < 0)
		return -1;
	stale_remove();
	error = command(&device, name);
	lock_release(lock);
	return error;
}

int device_attach(const char *name)
{
	return locked(attach, name);
}

int device_detach(const char *name)
{
	return locked(detach, name);
}
