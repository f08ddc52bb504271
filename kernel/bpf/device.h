/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program on the ingress of a device.
 */
#ifndef TRAITS_DEVICE_H
#define TRAITS_DEVICE_H

int device_attach(const char *name);
int device_detach(const char *name);

#endif
