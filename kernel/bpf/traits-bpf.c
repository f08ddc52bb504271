// SPDX-License-Identifier: Apache-2.0
/*
 * traits-bpf: gives the processes in a cgroup v2 directory the packet traits socket API, and what
 * XDP sets on a device to their sockets.
 */
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "cgroup.h"
#include "device.h"
#include "error.h"
#include "exec.h"
#include "instance.h"
#include "lock.h"
#include "pins.h"
#include "privilege.h"
#include "stale.h"
#include "status.h"
#include "trust.h"
#include "user.h"
#include "version.h"

#define USAGE_ERROR 2

static int usage(FILE *out)
{
	fputs("usage: traits-bpf up --cgroup DIR [--trust CIDR,...]\n"
	      "       traits-bpf down --cgroup DIR\n"
	      "       traits-bpf exec [--cgroup DIR] [--user NAME] [--trust CIDR,...] -- COMMAND...\n"
	      "       traits-bpf attach --dev DEV\n"
	      "       traits-bpf detach --dev DEV\n"
	      "       traits-bpf status [--cgroup DIR]\n"
	      "       traits-bpf --version\n"
	      "\n"
	      "Gives the processes in a cgroup the socket API of packet traits. Requires root.\n"
	      "\n"
	      "--cgroup DIR      a cgroup v2 directory: an absolute path, or a path below the mount point.\n"
	      "                  exec without it creates a directory and removes it at the end.\n"
	      "--user NAME       runs COMMAND as this user (a name or a uid). Only root keeps capabilities.\n"
	      "--trust CIDR,...  accepts traits from these networks, in addition to loopback.\n"
	      "--dev DEV         a device of this network namespace. Its XDP program gives traits to SYNs.\n",
	      out);
	return USAGE_ERROR;
}

static int up(const struct arguments *arguments, const struct trust *trust)
{
	const int lock = lock_take();
	struct cgroup cg;
	int error;

	if (lock < 0)
		return 1;
	stale_remove();
	error = cgroup_open(&cg, arguments->value[OPTION_CGROUP], true);
	if (!error) {
		error = instance_up(&cg, trust);
		if (!error) { /* `up` makes an instance of `exec` stay */
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

static int down(const struct arguments *arguments, const struct trust *trust)
{
	const int lock = lock_take();
	struct cgroup cg;
	int error;

	(void)trust;
	if (lock < 0)
		return 1;
	stale_remove();
	error = cgroup_open(&cg, arguments->value[OPTION_CGROUP], false);
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

static int exec(const struct arguments *arguments, const struct trust *trust)
{
	const char *name = arguments->value[OPTION_USER];
	const struct passwd *user = name ? user_find(name) : NULL;

	if (name && !user)
		return 1;
	return exec_command(arguments->value[OPTION_CGROUP], trust, user, arguments->words);
}

static int attach(const struct arguments *arguments, const struct trust *trust)
{
	(void)trust;
	return device_attach(arguments->value[OPTION_DEV]) ? 1 : 0;
}

static int detach(const struct arguments *arguments, const struct trust *trust)
{
	(void)trust;
	return device_detach(arguments->value[OPTION_DEV]) ? 1 : 0;
}

static int status(const struct arguments *arguments, const struct trust *trust)
{
	(void)trust;
	return status_print(arguments->value[OPTION_CGROUP]) ? 1 : 0;
}

#define OPTION(name) (1u << OPTION_##name)
#define NEEDS(capability) (1ULL << (capability))
#define TO_LOAD (NEEDS(CAP_BPF) | NEEDS(CAP_NET_ADMIN) | NEEDS(CAP_PERFMON))

static const struct command {
	const char *name;
	struct syntax syntax;
	int (*run)(const struct arguments *arguments, const struct trust *trust);
	uint64_t capabilities;
	int access_mode;
} commands[] = {
	{ "up", { .required = OPTION(CGROUP), .optional = OPTION(TRUST) }, up, TO_LOAD, W_OK },
	{ "down", { .required = OPTION(CGROUP) }, down, 0, W_OK },
	{ "exec", { .optional = OPTION(CGROUP) | OPTION(USER) | OPTION(TRUST), .words = true }, exec, TO_LOAD, W_OK },
	{ "attach", { .required = OPTION(DEV) }, attach, TO_LOAD, W_OK },
	{ "detach", { .required = OPTION(DEV) }, detach, NEEDS(CAP_NET_ADMIN), W_OK },
	{ "status", { .optional = OPTION(CGROUP) }, status, 0, R_OK },
};

static const struct command *command_of(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	fail(*name == '-' ? "unknown option: %s" : "unknown command: %s", name);
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct arguments arguments;
	static struct trust trust;
	uint64_t capabilities;

	if (argc < 2) {
		fail("no command is given");
		return usage(stderr);
	}
	if (!strcmp(argv[1], "--version"))
		return puts("traits-bpf " TRAITS_VERSION) < 0;
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		usage(stdout);
		return 0;
	}
	command = command_of(argv[1]);
	if (!command || arguments_parse(&arguments, &command->syntax, argv + 1))
		return usage(stderr);
	if (arguments.help) {
		usage(stdout);
		return 0;
	}
	if (trust_parse(&trust, arguments.value[OPTION_TRUST]))
		return usage(stderr);
	capabilities = command->capabilities;
	if (arguments.value[OPTION_USER])
		/* CAP_KILL forwards signals to what is another user's by then. */
		capabilities |= NEEDS(CAP_KILL) | NEEDS(CAP_SETGID) | NEEDS(CAP_SETUID);
	if (privilege_check(capabilities, command->access_mode, argv))
		return 1;
	return command->run(&arguments, &trust);
}
