// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.util.internal.SystemPropertyUtil;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.internal.sys.SocketOption;

/**
 * The numbers of the traits API. The carriers {@code kernel} and {@code bpf} differ in nothing else.
 *
 * <p>The RFC's numbers may change before any merge, and mainline has given them to other options since: 44 is {@code
 * TCP_RTO_MAX_MS}, 45 {@code TCP_RTO_MIN_US}, 82 {@code SO_RCVPRIORITY}, 83 {@code SO_PASSRIGHTS}. So a system property of each
 * name overrides it: {@code -Dio.pkttraits.TCP_SYN_TRAITS=0x5402}.
 */
final class TraitsNumbers {
    /** Of the BPF programs alone: {@code getsockopt} answers their version, an int. */
    static final SocketOption TRAITS_ABI = new SocketOption(SocketOption.SOL_TCP, 0x5400);

    static final int TRAITS_ABI_VERSION = 1;

    static final Tcp BPF = Tcp.of(CarrierType.BPF, 0x5401, 0x5402);

    private TraitsNumbers() {}

    /** The TCP half, at level {@code SOL_TCP}. */
    record Tcp(CarrierType type, SocketOption saveSynTraits, SocketOption synTraits) {
        /**
         * The RFC's numbers, or those of the system properties.
         *
         * @throws IllegalArgumentException if a property is no number
         */
        static Tcp kernel() {
            return of(
                    CarrierType.KERNEL,
                    number(TraitsProperties.TCP_SAVE_SYN_TRAITS, 44),
                    number(TraitsProperties.TCP_SYN_TRAITS, 45));
        }

        private static Tcp of(CarrierType type, int save, int traits) {
            return new Tcp(
                    type, new SocketOption(SocketOption.SOL_TCP, save), new SocketOption(SocketOption.SOL_TCP, traits));
        }
    }

    /** The UDP half, at level {@code SOL_SOCKET}: what switches receiving on, and the type of the control message. */
    record Udp(SocketOption rcvPktTraits, SocketOption scmPktTraits) {
        /**
         * The RFC's numbers, or those of the system properties.
         *
         * @throws IllegalArgumentException if a property is no number
         */
        static Udp kernel() {
            return new Udp(
                    new SocketOption(SocketOption.SOL_SOCKET, number(TraitsProperties.SO_RCV_PKT_TRAITS, 82)),
                    new SocketOption(SocketOption.SOL_SOCKET, number(TraitsProperties.SCM_PKT_TRAITS, 83)));
        }
    }

    /** Decimal or 0x hexadecimal, as kernel headers and our documents write option numbers. */
    private static int number(String property, int defaultNumber) {
        String value = SystemPropertyUtil.get(property);
        if (value == null) {
            return defaultNumber;
        }
        try {
            return Integer.decode(value.trim());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("-D" + property + "=" + value + " is not an option number", e);
        }
    }
}
