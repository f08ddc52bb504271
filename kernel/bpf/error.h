/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error messages. A function that returns int returns 0, or -1 after it has printed the error and
 * the remedy, unless its header says otherwise.
 */
#ifndef TRAITS_ERROR_H
#define TRAITS_ERROR_H

int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* From now on libbpf's warnings are kept, and explain() prints them. */
void libbpf_listen(void);
int explain(const char *what, int error);

#endif
