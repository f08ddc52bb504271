// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/**
 * The numbers of the UDP half of the RFC's API, at level {@code SOL_SOCKET}: the option that switches receiving on, and
 * the type of the control message.
 *
 * <p>They may change before any merge, and mainline has given them to other options since (82 is {@code
 * SO_RCVPRIORITY}, 83 {@code SO_PASSRIGHTS}), so {@code -Dio.pkttraits.SO_RCV_PKT_TRAITS} and {@code
 * -Dio.pkttraits.SCM_PKT_TRAITS} override them.
 */
record ScmNumbers(SocketOption rcvPktTraits, SocketOption scmPktTraits) {
    /**
     * The RFC's numbers, or those that the system properties say.
     *
     * @throws IllegalArgumentException if a property is no number
     */
    static ScmNumbers kernel() {
        return new ScmNumbers(
                new SocketOption(SocketOption.SOL_SOCKET, SockOptNumbers.number("io.pkttraits.SO_RCV_PKT_TRAITS", 82)),
                new SocketOption(SocketOption.SOL_SOCKET, SockOptNumbers.number("io.pkttraits.SCM_PKT_TRAITS", 83)));
    }
}
