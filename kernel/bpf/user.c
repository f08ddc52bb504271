// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "user.h"

const struct passwd *user_find(const char *name)
{
	const struct passwd *user;
	unsigned long uid;
	char *end;

	errno = 0;
	user = getpwnam(name);
	if (!user && *name >= '0' && *name <= '9') {
		uid = strtoul(name, &end, 10);
		errno = 0;
		user = !*end && uid < (uid_t)-1 ? getpwuid(uid) : NULL;
	}
	if (!user && errno && errno != ENOENT && errno != ESRCH)
		fail("--user %s: cannot look up the user: %s", name, strerror(errno));
	else if (!user)
		fail("--user %s: there is no such user; to list the users, run: getent passwd", name);
	return user;
}

/* setuid() leaves the inheritable ones, and with SECBIT_NO_SETUID_FIXUP all of them. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capset, &head, none);
}

int user_become(const struct passwd *user)
{
	if (initgroups(user->pw_name, user->pw_gid))
		return fail("cannot take the groups of %s: %s", user->pw_name, strerror(errno));
	if (setgid(user->pw_gid))
		return fail("cannot take the group id of %s: %s", user->pw_name, strerror(errno));
	if (setuid(user->pw_uid))
		return fail("cannot become %s: %s", user->pw_name, strerror(errno));
	if (user->pw_uid && drop_capabilities())
		return fail("cannot give up the capabilities: %s", strerror(errno));
	if (setenv("HOME", user->pw_dir, 1) || setenv("USER", user->pw_name, 1) || setenv("LOGNAME", user->pw_name, 1))
		return fail("cannot set the environment: %s", strerror(errno));
	return 0;
}
