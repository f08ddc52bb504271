// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.util.internal.SystemPropertyUtil;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.internal.sys.SocketOption;

/**
 * The option numbers of the traits API. The carriers {@code kernel} and {@code bpf} differ only in these.
 *
 * <p>The RFC's numbers may change before any merge. Mainline has since given them to other options: 44 is {@code
 * TCP_RTO_MAX_MS}, 45 {@code TCP_RTO_MIN_US}, 82 {@code SO_RCVPRIORITY}, 83 {@code SO_PASSRIGHTS}. So each number has a system
 * property that overrides it, e.g. {@code -Dio.pkttraits.TCP_SYN_TRAITS=0x5402}.
 */
final class TraitsNumbers {
    /** Only the BPF programs have this option: {@code getsockopt} returns their version, an int. */
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

    /** The UDP half, at level {@code SOL_SOCKET}: the option that enables receiving, and the control message's type. */
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
