// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import java.util.List;

/**
 * What is going on at one moment. Texts are as they came from peers and files: to be escaped where they are shown.
 *
 * @param totals of the process, in the order in which they are shown
 * @param connections some of those that are open
 * @param hidden how many more there are
 */
public record LiveView(List<Total> totals, List<Connection> connections, int hidden) {
    public LiveView {
        totals = List.copyOf(totals);
        connections = List.copyOf(connections);
    }

    /**
     * One number.
     *
     * @param name what it counts
     * @param value it
     */
    public record Total(String name, String value) {}

    /**
     * One client connection.
     *
     * @param peer its address
     * @param protocol what it turned out to speak
     * @param traits those that it came with, by the registry's names, sensitive values masked
     * @param requests that it has made
     * @param rate requests a second, lately
     */
    public record Connection(String peer, String protocol, String traits, long requests, double rate) {}
}
