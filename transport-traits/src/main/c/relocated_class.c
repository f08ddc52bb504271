// SPDX-License-Identifier: Apache-2.0
/*
 * A shading tool renames packages in class files, but not in this library. It has to rename the library's file, so the
 * file name tells the prefix of the package: libPREFIXpkttraits_datagram_ARCH, followed by what makes it unique in a
 * directory of temporary files. PREFIX is a_b_1c_ for the package prefix a.b_c. (see NativeLibraryName.java).
 */
#define _GNU_SOURCE
#include "relocated_class.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LIB "lib"
#define LIBRARY "pkttraits_datagram_"
#define MAX_NAME 1024

/* Writes the prefix as a/b_c/ and a NUL; nothing but the NUL if there is none. out has room for the whole path. */
static void package_prefix(const char *path, char *out)
{
	const char *slash = strrchr(path, '/');
	const char *from = slash ? slash + 1 : path;
	const char *end = NULL;
	const char *at;

	/* A package may be called as the library is, so the last match counts. */
	for (at = strstr(from, LIBRARY); at; at = strstr(at + 1, LIBRARY))
		end = at;
	if (end && strncmp(from, LIB, strlen(LIB)) == 0) {
		for (from += strlen(LIB); from < end; from++) {
			if (*from != '_')
				*out++ = *from;
			else if (from[1] != '1')
				*out++ = '/';
			else
				*out++ = *from++;
		}
	}
	*out = '\0';
}

jclass find_relocated_class(JNIEnv *env, const char *name)
{
	char full[MAX_NAME] = "";
	Dl_info library;
	size_t prefix;
	const char *tried;
	jclass type;

	if (dladdr(LIBRARY, &library) && strlen(library.dli_fname) + strlen(name) < sizeof(full))
		package_prefix(library.dli_fname, full);
	prefix = strlen(full);
	snprintf(full + prefix, sizeof(full) - prefix, "%s", name);
	/*
	 * If Netty has been moved too, its NativeLibraryLoader puts Netty's prefix before ours, or before nothing. So
	 * leave out one package after the other.
	 */
	tried = full;
	type = (*env)->FindClass(env, tried);
	while (!type && tried < full + prefix) {
		(*env)->ExceptionClear(env);
		tried = strchr(tried, '/') + 1;
		type = (*env)->FindClass(env, tried);
	}
	return type;
}
