/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of the UDP half.
 */
#ifndef UDP_CASES_H
#define UDP_CASES_H

#include "alone.h"
#include "udp_model_case.h"
#include "udp_option_cases.h"
#include "udp_path_cases.h"
#include "udp_receive_cases.h"
#include "udp_send_cases.h"

static void run_udp_option_cases(void)
{
	CASE(receive_toggles_and_reads_back, AF_INET, SOCK_DGRAM, 0);
	CASE(receive_toggles_and_reads_back, AF_INET6, SOCK_DGRAM, 0);
	CASE(receive_toggles_and_reads_back, AF_INET, SOCK_RAW, 253);
	CASE(receive_toggles_and_reads_back, AF_INET6, SOCK_RAW, 253);
	CASE(receive_of_another_value_is_refused, 2);
	CASE(receive_of_another_value_is_refused, -1);
	CASE(receive_of_another_value_is_refused, 256);
	CASE(receive_of_less_than_an_int_is_refused);
	CASE(receive_at_a_bad_address_is_refused);
	CASE(receiving_is_off_at_first);
	CASE(receiving_can_be_switched_off);
	CASE(sending_needs_no_option);
}

static void run_udp_receive_cases(void)
{
	CASE(datagram_brings_what_was_sent, "127.0.0.1", "127.0.0.1");
	CASE(datagram_brings_what_was_sent, "::1", "::1");
	CASE(datagram_brings_what_was_sent, "::", "127.0.0.1");
	CASE(datagram_brings_what_was_sent, "::", "::1");
	CASE(datagram_brings_what_was_sent, "127.0.0.1", "::ffff:127.0.0.1");
	CASE(datagram_brings_what_was_sent, "::", "::ffff:127.0.0.1");
	CASE(datagram_without_traits_brings_no_message);
	CASE(traits_do_not_stick_to_the_socket);
	if (store)
		CASE(message_is_the_raw_store);
	else
		CASE(message_is_an_array_in_key_order);
	CASE(datagram_value_of_each_size, 2);
	CASE(datagram_value_of_each_size, 4);
	CASE(datagram_value_of_each_size, 8);
	CASE(datagram_value_of_each_size, 16);
	CASE(datagram_of_64_keys_and_200_bytes, "127.0.0.1");
	CASE(datagram_of_64_keys_and_200_bytes, "::1");
	CASE(datagram_bytes_behind_the_value_are_zero);
	CASE(empty_datagram_brings_traits);
	CASE(largest_datagram_brings_traits);
	CASE(message_that_just_fits_is_whole);
	CASE(message_that_does_not_fit_is_told, 0);
	CASE(message_that_does_not_fit_is_told, sizeof(struct cmsghdr));
	CASE(message_that_does_not_fit_is_told, CMSG_LEN(1));
	CASE(message_that_does_not_fit_is_told, CMSG_LEN(24));
	CASE(receive_without_control_room_has_the_payload);
	CASE(no_traits_truncate_nothing);
	CASE(peek_brings_them_too);
	CASE(truncated_payload_brings_them_too);
	CASE(they_come_beside_other_messages);
	CASE(what_was_received_can_be_sent_unchanged);
	CASE(recvmmsg_gives_each_its_own);
}

static void run_udp_send_cases(void)
{
	CASE(message_of_a_bad_size_is_refused, 0);
	CASE(message_of_a_bad_size_is_refused, 1);
	CASE(message_of_a_bad_size_is_refused, 23);
	CASE(message_of_a_bad_size_is_refused, 25);
	CASE(message_of_a_bad_size_is_refused, 47);
	CASES_OF_BAD_ELEMENTS(bad_element_fails_the_whole_send);
	CASE(bad_element_fails_the_whole_send, LEN(255));
	CASE(another_length_fails_the_send);
	CASE(another_length_in_a_second_message_fails_the_send);
	CASE(too_many_traits_fail_the_send);
	CASE(too_many_traits_in_two_messages_fail_the_send);
	CASE(several_messages_add_up);
	CASE(messages_between_which_others_stand_add_up);
	CASE(last_of_a_repeated_key_is_sent);
	CASE(element_of_len_0_is_not_sent);
	CASE(elements_of_len_0_alone_send_no_message);
	CASE(more_elements_than_keys_are_sent);
	CASE(other_unknown_message_is_refused_as_ever);
	CASE(message_on_a_stream_is_refused);
	CASE(sendmmsg_sends_each_its_own);
	CASE(sendmmsg_ends_at_the_one_that_fails);
}

static void run_udp_path_cases(void)
{
	CASE(connected_sockets_send_and_receive_them, "127.0.0.1");
	CASE(connected_sockets_send_and_receive_them, "::1");
	CASE(corked_datagram_has_those_of_the_first_send, "127.0.0.1");
	CASE(corked_datagram_has_those_of_the_first_send, "::1");
	CASE(later_sends_of_a_corked_datagram_add_nothing, "127.0.0.1");
	CASE(later_sends_of_a_corked_datagram_add_nothing, "::1");
	CASE(udp_cork_keeps_those_of_the_first_send);
	CASE(each_segment_of_a_train_has_them, "127.0.0.1");
	CASE(each_segment_of_a_train_has_them, "::1");
	CASE(train_by_socket_option_has_them);
	CASE(train_that_is_received_whole_has_them, "127.0.0.1");
	CASE(train_that_is_received_whole_has_them, "::1");
	CASE(datagrams_reach_another_namespace, FAR_4, FAR_4);
	CASE(datagrams_reach_another_namespace, FAR_6, FAR_6);
	CASE(datagrams_reach_another_namespace, "::", "::ffff:" FAR_4);
	CASE(train_reaches_another_namespace);
	CASE(merged_datagrams_keep_those_of_the_first);
	CASE(fragmented_datagram_has_them, FAR_4);
	CASE(fragmented_datagram_has_them, FAR_6);
	CASE(raw_sockets_send_and_receive_them, "127.0.0.1");
	CASE(raw_sockets_send_and_receive_them, "::1");
	CASE(raw_socket_with_the_header_included_sends_them);
	CASE(each_receiver_of_a_multicast_has_them);
	CASE(datagram_with_traits_is_no_longer, ETH_P_IP, "127.0.0.1");
	CASE(datagram_with_traits_is_no_longer, ETH_P_IPV6, "::1");
}

static void run_udp_cases(void)
{
	run_udp_option_cases();
	run_udp_receive_cases();
	run_udp_send_cases();
	run_udp_path_cases();
	CASE(random_datagrams_are_as_in_the_model, "127.0.0.1", "127.0.0.1", 1, 3000);
	CASE(random_datagrams_are_as_in_the_model, "::1", "::1", 2, 3000);
	CASE(random_datagrams_are_as_in_the_model, "::", "::ffff:127.0.0.1", 3, 3000);
}

#endif
