/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of BPF.
 */
#ifndef BPF_CASES_H
#define BPF_CASES_H

#include "device_cases.h"

/* Names are to say which program it is. */
#define CASES_OF_HELPERS(type) do { \
	CASE(helper_gets_what_was_set, type, 2); \
	CASE(helper_gets_what_was_set, type, 4); \
	CASE(helper_gets_what_was_set, type, 8); \
	if (!store) \
		CASE(helper_gets_what_was_set, type, 16); \
	CASE(helper_get_of_an_absent_key, type); \
	CASE(helper_get_with_too_little_room, type); \
	CASE(helper_refuses_the_key, type, 64); \
	CASE(helper_refuses_the_key, type, 255); \
	CASE(helper_refuses_the_length, type, 1); \
	CASE(helper_refuses_the_length, type, 3); \
	CASE(helper_refuses_the_length, type, 17); \
	CASE(helper_refuses_flags, type); \
	CASE(helper_set_of_another_length_is_busy, type); \
	CASE(helper_set_overwrites, type); \
	CASE(helper_has_room_for_200_bytes, type); \
	CASE(helper_del_removes, type); \
	CASE(helper_del_leaves_the_others, type); \
} while (0)

static void run_device_cases(void)
{
	CASE(accepted_socket_gets_what_the_device_gave, XDP_NATIVE, FAR_4);
	CASE(accepted_socket_gets_what_the_device_gave, XDP_NATIVE, FAR_6);
	CASE(accepted_socket_gets_what_the_device_gave, XDP_GENERIC, FAR_4);
	CASE(accepted_socket_gets_what_the_device_gave, TC_INGRESS, FAR_4);
	CASE(accepted_socket_gets_what_the_device_gave, TC_INGRESS, FAR_6);
	CASE(accepted_socket_gets_what_the_device_gave, TC_EGRESS, FAR_4);
	CASE(datagram_brings_what_the_device_gave, XDP_NATIVE, FAR_4);
	CASE(datagram_brings_what_the_device_gave, XDP_NATIVE, FAR_6);
	CASE(datagram_brings_what_the_device_gave, XDP_GENERIC, FAR_4);
	CASE(datagram_brings_what_the_device_gave, TC_INGRESS, FAR_4);
	CASE(datagram_brings_what_the_device_gave, TC_EGRESS, FAR_6);
	CASE(device_adds_to_what_was_sent, TC_INGRESS);
	CASE(device_adds_to_what_was_sent, XDP_NATIVE);
}

static void run_bpf_cases(void)
{
	CASES_OF_HELPERS(XDP);
	CASES_OF_HELPERS(TC);
	CASE(packet_does_not_grow_over_the_traits, BPF_FUNC_xdp_adjust_head);
	CASE(packet_does_not_grow_over_the_traits, BPF_FUNC_xdp_adjust_meta);
	CASE(traits_outlive_an_adjustment, BPF_FUNC_xdp_adjust_head);
	CASE(traits_outlive_an_adjustment, BPF_FUNC_xdp_adjust_meta);
	run_device_cases();
}

#endif
