// SPDX-License-Identifier: Apache-2.0
/*
 * Runs a command in a cgroup directory that is up as long as it has processes. This process stays
 * outside and waits: it forwards signals and ends as the command ended. The last of several
 * removes what the first set up.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "error.h"
#include "exec.h"
#include "instance.h"
#include "lock.h"
#include "pins.h"
#include "stale.h"
#include "user.h"

static int open_or_create(struct cgroup *cg, const char *dir)
{
	char name[64];

	if (dir)
		return cgroup_open(cg, dir, true);
	snprintf(name, sizeof(name), "traits-bpf-%d", getpid());
	return cgroup_create(cg, name);
}

static int enter(struct cgroup *cg, const char *dir, const struct trust *trust, int pid)
{
	const int lock = lock_take();
	uint64_t serving;
	int error = 0;

	if (lock < 0)
		return -1;
	stale_remove();
	if (open_or_create(cg, dir)) {
		lock_release(lock);
		return -1;
	}
	serving = instance_serving(cg);
	if (!serving) {
		error = instance_up(cg, trust) || pin_mark(cg->id, MARK_EXEC) ||
			(cg->created && pin_mark(cg->id, MARK_CREATED));
		if (error)
			pins_remove(cg->id);
	} else if (trust->given) {
		error = instance_set_trust(serving, trust);
	}
	if (!error)
		error = cgroup_join(cg, pid);
	if (error && !cgroup_populated(cg) && pin_exists(cg->id, MARK_EXEC))
		pins_remove(cg->id);
	if (error && cg->created)
		rmdir(cg->path);
	lock_release(lock);
	return error ? -1 : 0;
}

static void leave(struct cgroup *cg)
{
	const int lock = lock_take();

	if (lock >= 0 && !cgroup_populated(cg) && pin_exists(cg->id, MARK_EXEC)) {
		const bool created = pin_exists(cg->id, MARK_CREATED);

		pins_remove(cg->id);
		if (created)
			rmdir(cg->path);
	} else if (cg->created && !cgroup_populated(cg) && !pin_exists(cg->id, "")) {
		rmdir(cg->path); /* a directory below one that was up */
	}
	if (lock >= 0)
		lock_release(lock);
	cgroup_close(cg);
}

/* Those that the terminal sends, it sends to the command as well. */
static const int forwarded[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH };

static int wait_for(int pid, const sigset_t *signals)
{
	siginfo_t info;
	int status;

	for (;;) {
		const int signal = sigwaitinfo(signals, &info);

		if (signal == SIGCHLD) {
			const int ended = waitpid(pid, &status, WNOHANG);

			if (ended == pid)
				return status;
		} else if (signal > 0 && info.si_code != SI_KERNEL) {
			if (kill(pid, signal) && errno != ESRCH)
				fail("cannot forward signal %d to %d: %s", signal, pid, strerror(errno));
		}
	}
}

static _Noreturn void run(int go, const sigset_t *mask, const struct passwd *user, char **command)
{
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	close(go);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (user && user_become(user))
		_exit(1);
	execvp(command[0], command);
	fail("%s: %s", command[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static int end_as(int status)
{
	if (WIFSIGNALED(status)) {
		const struct rlimit no_core = { 0, 0 };
		sigset_t all;

		setrlimit(RLIMIT_CORE, &no_core);
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
		sigfillset(&all);
		sigprocmask(SIG_UNBLOCK, &all, NULL);
		return 128 + WTERMSIG(status);
	}
	return WEXITSTATUS(status);
}

int exec_command(const char *dir, const struct trust *trust, const struct passwd *user, char **command)
{
	sigset_t signals, before;
	struct cgroup cg;
	int go[2], pid, status;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	for (size_t i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(&signals, forwarded[i]);
	sigprocmask(SIG_BLOCK, &signals, &before);
	fflush(NULL);
	if (pipe(go) || (pid = fork()) < 0) {
		fail("cannot start a process: %s", strerror(errno));
		return 1;
	}
	if (!pid) {
		close(go[1]);
		run(go[0], &before, user, command);
	}
	close(go[0]);
	if (enter(&cg, dir, trust, pid)) {
		close(go[1]);
		waitpid(pid, &status, 0);
		return 1;
	}
	if (write(go[1], "", 1) != 1)
		fail("the command's process is gone");
	close(go[1]);
	status = wait_for(pid, &signals);
	leave(&cg);
	return end_as(status);
}
