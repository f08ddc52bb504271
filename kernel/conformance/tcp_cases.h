/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of the TCP half.
 */
#ifndef TCP_CASES_H
#define TCP_CASES_H

#include "alone.h"
#include "dump_cases.h"
#include "get_cases.h"
#include "handshake_cases.h"
#include "life_cases.h"
#include "listener_cases.h"
#include "path_cases.h"
#include "room_cases.h"
#include "save_cases.h"
#include "segment_cases.h"
#include "set_cases.h"
#include "set_error_cases.h"
#include "tcp_model_case.h"

static void run_save_cases(void)
{
	CASE(save_toggles_and_reads_back, AF_INET);
	CASE(save_toggles_and_reads_back, AF_INET6);
	CASE(save_of_another_value_is_refused, 2);
	CASE(save_of_another_value_is_refused, -1);
	CASE(save_of_another_value_is_refused, 256);
	CASE(save_of_less_than_an_int_is_refused);
	CASE(save_at_a_bad_address_is_refused);
	CASE(save_is_no_option_of_udp, AF_INET);
	CASE(save_is_no_option_of_udp, AF_INET6);
	CASE(saving_can_be_switched_on_while_listening);
	CASE(saving_can_be_switched_off_while_listening);
	CASE(switching_off_keeps_what_was_saved);
	CASE(accepted_socket_inherits_the_save_flag);
	CASE(save_may_be_switched_on_connected_sockets);
	CASE(save_flag_outlives_listening);
}

static void run_set_cases(void)
{
	CASE(set_is_read_back_before_connect);
	CASE(set_is_read_back_on_the_connected_socket);
	CASE(set_of_a_bound_socket_is_sent);
	CASE(sets_add_up);
	CASE(the_same_length_overwrites);
	CASE(the_last_of_a_repeated_key_counts);
	CASE(set_of_len_0_is_ignored);
	CASE(set_of_len_0_does_not_remove);
	CASE(set_of_len_0_is_ignored_whatever_else_it_holds);
	CASE(bytes_behind_the_value_are_read_as_zero);
	CASE(set_takes_more_elements_than_keys);
	CASE(two_sockets_have_nothing_in_common);
}

static void run_set_error_cases(void)
{
	CASE(set_of_a_bad_size_is_refused, 0);
	CASE(set_of_a_bad_size_is_refused, 1);
	CASE(set_of_a_bad_size_is_refused, 23);
	CASE(set_of_a_bad_size_is_refused, 25);
	CASE(set_of_a_bad_size_is_refused, 47);
	CASE(set_of_a_bad_size_is_refused, -24);
	CASE(set_at_a_bad_address_is_refused);
	CASE(set_is_no_option_of_udp, AF_INET);
	CASE(set_is_no_option_of_udp, AF_INET6);
	CASES_OF_BAD_ELEMENTS(set_fails_a_bad_element_alone);
	CASE(flag_is_of_the_future);
	CASE(another_length_is_busy, 4, 8);
	CASE(another_length_is_busy, 8, 2);
	CASE(another_length_in_the_same_call_is_busy);
	CASE(every_failing_element_is_told);
	CASE(a_set_that_works_writes_nothing);
	CASE(set_of_a_listener_is_refused);
	CASE(set_of_a_connecting_socket_is_refused);
	CASE(set_of_a_connected_socket_is_refused);
	CASE(set_of_an_accepted_socket_is_refused);
}

static void run_room_cases(void)
{
	CASE(values_of_200_bytes_fit, 4);
	CASE(values_of_200_bytes_fit, 8);
	if (!store)
		CASE(values_of_200_bytes_fit, 16);
	CASE(too_many_traits_are_refused_whole);
	CASE(a_second_set_that_is_too_much_is_refused_whole);
	CASE(overwriting_takes_no_room);
	CASE(no_room_weighs_more_than_a_bad_element);
	CASE(bad_elements_take_no_room);
	CASE(full_set_arrives, "127.0.0.1");
	CASE(full_set_arrives, "::1");
}

static void run_get_cases(void)
{
	CASE(get_when_saving_was_off_has_no_elements);
	CASE(get_when_saving_was_off_leaves_the_buffer);
	CASE(get_of_an_absent_key_is_not_an_error);
	CASE(get_of_a_connection_without_traits_answers_absent_keys);
	CASE(get_of_a_new_socket_answers_absent_keys, AF_INET);
	CASE(get_of_a_new_socket_answers_absent_keys, AF_INET6);
	CASE(get_of_a_client_without_traits_answers_absent_keys);
	CASE(get_in_any_order);
	CASE(get_of_any_number_sparse_and_repeated);
	CASE(get_again_and_again_answers_the_same);
	CASE(get_of_all_keys);
	CASE(get_of_more_elements_than_keys);
	CASE(get_overwrites_what_an_earlier_get_left);
	CASE(get_leaves_optlen_and_what_is_behind);
	CASE(get_of_a_bad_size_is_refused, 0);
	CASE(get_of_a_bad_size_is_refused, 1);
	CASE(get_of_a_bad_size_is_refused, 8);
	CASE(get_of_a_bad_size_is_refused, 23);
	CASE(get_of_a_bad_size_is_refused, 25);
	CASE(get_of_a_bad_size_is_refused, 47);
	CASE(get_of_a_bad_size_is_refused, -24);
	CASE(get_at_a_bad_address_is_refused);
	CASE(get_of_a_bad_key_fails_that_element_alone, 64);
	CASE(get_of_a_bad_key_fails_that_element_alone, 128);
	CASE(get_of_a_bad_key_fails_that_element_alone, 255);
	CASE(what_get_returned_can_be_set_unchanged);
	CASE(dump_has_the_present_traits_in_key_order);
	CASE(dump_of_what_was_set);
	CASE(dump_that_just_fits);
	CASE(dump_of_the_full_set);
	CASE(dump_without_room_writes_nothing);
	CASE(dump_of_no_traits_is_empty);
	CASE(dump_when_saving_was_off_is_empty);
	CASE(dump_can_be_set_unchanged);
	CASE(any_key_asks_for_all_only_in_the_first_element);
}

static void run_life_cases(void)
{
	CASE(disconnect_clears_what_was_saved);
	CASE(disconnect_clears_what_was_set);
	CASE(disconnected_socket_can_be_set_again);
	CASE(refused_connect_clears_what_was_set);
	CASE(set_after_a_refused_connect_is_sent);
	CASE(connect_without_a_route_keeps_what_was_set);
	CASE(reset_connection_stays_readable);
	CASE(connection_reset_before_accept_is_readable);
	CASE(finished_connection_stays_readable);
	CASE(traits_outlive_data_and_the_listener);
	CASE(listener_reads_its_own_traits);
	CASE(listeners_own_traits_are_not_inherited);
	CASE(listeners_own_traits_are_not_given_to_a_connection_without);
	CASE(connections_are_not_mixed_up);
	CASE(reuseport_listener_that_saves_has_them);
	CASE(connection_that_moved_to_another_listener_has_them);
}

static void run_path_cases(void)
{
	CASE(accepted_socket_gets_what_was_set, "127.0.0.1", "127.0.0.1");
	CASE(accepted_socket_gets_what_was_set, "::1", "::1");
	CASE(accepted_socket_gets_what_was_set, "::", "127.0.0.1");
	CASE(accepted_socket_gets_what_was_set, "::", "::1");
	CASE(accepted_socket_gets_what_was_set, "127.0.0.1", "::ffff:127.0.0.1");
	CASE(accepted_socket_gets_what_was_set, "::", "::ffff:127.0.0.1");
	CASE(value_of_each_size_arrives, 2);
	CASE(value_of_each_size_arrives, 4);
	CASE(value_of_each_size_arrives, 8);
	CASE(value_of_each_size_arrives, 16);
	CASE(each_key_arrives);
	CASE(traits_reach_another_namespace, FAR_4, FAR_4);
	CASE(traits_reach_another_namespace, FAR_6, FAR_6);
	CASE(traits_reach_another_namespace, "::", "::ffff:" FAR_4);
	CASE(small_set_reaches_another_namespace);
	CASE(only_the_syn_carries_traits);
	CASE(syn_with_traits_is_no_longer, ETH_P_IP, "127.0.0.1");
	CASE(syn_with_traits_is_no_longer, ETH_P_IPV6, "::1");
}

static void run_handshake_cases(void)
{
	CASE(syn_cookie_connection_has_no_traits, "127.0.0.1");
	CASE(syn_cookie_connection_has_no_traits, "::1");
	CASE(connection_after_one_by_syn_cookie_has_its_own);
	CASE(retransmitted_syn_carries_the_same);
	CASE(syn_that_comes_again_changes_nothing);
	if (!polyfill) /* a raw socket sends traits */
		CASE(first_syn_counts);
	CASE(aborted_handshake_leaves_nothing_behind);
	CASE(deferred_accept_has_them);
	CASE(fast_open_with_data, "127.0.0.1");
	CASE(fast_open_with_data, "::1");
	CASE(fast_open_without_data);
	CASE(fast_open_with_a_cookie);
	CASE(fast_open_by_connect);
}

static void run_tcp_cases(void)
{
	run_save_cases();
	run_set_cases();
	run_set_error_cases();
	run_room_cases();
	run_get_cases();
	run_life_cases();
	run_path_cases();
	run_handshake_cases();
	CASE(random_operations_are_as_in_the_model, "127.0.0.1", 1, 4000);
	CASE(random_operations_are_as_in_the_model, "::1", 2, 4000);
}

#endif
