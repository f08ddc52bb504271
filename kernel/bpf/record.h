/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pinned record of where a device's filter is.
 */
#ifndef TRAITS_RECORD_H
#define TRAITS_RECORD_H

#include <net/if.h>

#include "pins.h"
#include "tc.h"

struct record {
	char name[IFNAMSIZ]; /* of the device when it was attached */
	struct tc_filter filter;
};

int record_pin(const struct device *device, const struct record *record);
/* Prints nothing; -1 and errno if there is none. */
int record_read(const struct device *device, struct record *record);
/* True if the filter, and so the device, exists in any network namespace. */
bool record_is_attached(const struct record *record);

#endif
