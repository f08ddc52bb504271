/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is left of cgroups and devices that no longer exist: the kernel detaches the programs, the
 * pins stay.
 */
#ifndef TRAITS_STALE_H
#define TRAITS_STALE_H

void stale_remove(void);

#endif
