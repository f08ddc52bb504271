// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.util.internal.SystemPropertyUtil;

/**
 * The numbers of the TCP half of the traits API, all at level {@code SOL_TCP}: the one thing in which the carriers
 * {@code kernel} and {@code bpf} differ.
 *
 * <p>The RFC's numbers may change before any merge, and mainline has given them to other options since (44 is {@code
 * TCP_RTO_MAX_MS}, 45 {@code TCP_RTO_MIN_US}), so {@code -Dio.pkttraits.TCP_SAVE_SYN_TRAITS} and {@code
 * -Dio.pkttraits.TCP_SYN_TRAITS} override them.
 */
record SockOptNumbers(CarrierType type, SocketOption saveSynTraits, SocketOption synTraits) {
    /** Of the polyfill alone: {@code getsockopt} answers its version, an int. */
    static final SocketOption TRAITS_ABI = new SocketOption(SocketOption.SOL_TCP, 0x5400);

    static final int TRAITS_ABI_VERSION = 1;

    static final SockOptNumbers BPF = of(CarrierType.BPF, 0x5401, 0x5402);

    /**
     * The RFC's numbers, or those that the system properties say.
     *
     * @throws IllegalArgumentException if a property is no number
     */
    static SockOptNumbers kernel() {
        return of(
                CarrierType.KERNEL,
                number("io.pkttraits.TCP_SAVE_SYN_TRAITS", 44),
                number("io.pkttraits.TCP_SYN_TRAITS", 45));
    }

    private static SockOptNumbers of(CarrierType type, int save, int traits) {
        return new SockOptNumbers(
                type, new SocketOption(SocketOption.SOL_TCP, save), new SocketOption(SocketOption.SOL_TCP, traits));
    }

    /** Decimal or 0x hexadecimal, as kernel headers and our documents write option numbers. */
    static int number(String property, int defaultNumber) {
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
