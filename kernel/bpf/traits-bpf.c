// SPDX-License-Identifier: Apache-2.0
/*
 * traits-bpf: gives the processes in a cgroup v2 directory the packet traits socket API, and what
 * XDP sets on a device to their sockets.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "device.h"
#include "error.h"
#include "exec.h"
#include "instance.h"
#include "lock.h"
#include "pins.h"
#include "stale.h"
#include "status.h"
#include "trust.h"

#define USAGE_ERROR 2

static int usage(FILE *out)
{
	fputs("usage: traits-bpf up --cgroup DIR [--trust CIDR,...]\n"
	      "       traits-bpf down --cgroup DIR\n"
	      "       traits-bpf exec --cgroup DIR [--trust CIDR,...] -- COMMAND...\n"
	      "       traits-bpf attach --dev DEV\n"
	      "       traits-bpf detach --dev DEV\n"
	      "       traits-bpf status [--cgroup DIR]\n"
	      "DIR is absolute, or relative to where cgroup v2 is mounted.\n"
	      "--trust lists the networks, besides loopback, whose traits are accepted off the wire.\n"
	      "DEV is a device of this network namespace, whose XDP program gives traits to SYNs.\n",
	      out);
	return USAGE_ERROR;
}

static int up(const char *dir, const struct trust *trust)
{
	const int lock = lock_take();
	struct cgroup cg;
	int error;

	if (lock < 0)
		return 1;
	stale_remove();
	error = cgroup_open(&cg, dir, true);
	if (!error) {
		error = instance_up(&cg, trust);
		if (!error) { /* it stays, whoever made it */
			pin_unmark(cg.id, MARK_EXEC);
			pin_unmark(cg.id, MARK_CREATED);
		} else if (cg.created) {
			rmdir(cg.path);
		}
		cgroup_close(&cg);
	}
	lock_release(lock);
	return error ? 1 : 0;
}

static int down(const char *dir)
{
	const int lock = lock_take();
	struct cgroup cg;
	int error;

	if (lock < 0)
		return 1;
	stale_remove();
	error = cgroup_open(&cg, dir, false);
	if (!error) {
		if (pin_exists(cg.id, ""))
			pins_remove(cg.id);
		else
			error = fail("%s is not up", cg.path);
		cgroup_close(&cg);
	}
	lock_release(lock);
	return error ? 1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cgroup", required_argument, NULL, 'c' },
		{ "dev", required_argument, NULL, 'd' },
		{ "trust", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *command = argc > 1 ? argv[1] : "", *dir = NULL, *networks = NULL, *dev = NULL;
	static struct trust trust;
	int option, left;

	if (!strcmp(command, "--help") || !strcmp(command, "-h")) {
		usage(stdout);
		return 0;
	}
	argc--;
	argv++;
	if (argc < 1)
		return usage(stderr);
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			dir = optarg;
			break;
		case 'd':
			dev = optarg;
			break;
		case 't':
			networks = optarg;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			return usage(stderr);
		}
	}
	left = argc - optind;
	if (trust_parse(&trust, networks))
		return USAGE_ERROR;
	if (dev) {
		if (dir || networks || left)
			return usage(stderr);
		if (!strcmp(command, "attach"))
			return device_attach(dev) ? 1 : 0;
		if (!strcmp(command, "detach"))
			return device_detach(dev) ? 1 : 0;
		return usage(stderr);
	}
	if (!strcmp(command, "status") && !left && !networks)
		return status_print(dir) ? 1 : 0;
	if (!dir || !*dir)
		return usage(stderr);
	if (!strcmp(command, "up") && !left)
		return up(dir, &trust);
	if (!strcmp(command, "down") && !left && !networks)
		return down(dir);
	if (!strcmp(command, "exec") && left)
		return exec_command(dir, &trust, argv + optind);
	return usage(stderr);
}
