// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/**
 * The ways in which traits get between this process and packets.
 *
 * @see PacketTraits#carrier()
 */
public enum CarrierType {
    /** A kernel with the RFC's socket API: traits never cross the wire. */
    KERNEL("kernel"),
    /** The same socket API under other numbers, answered by eBPF programs on the cgroup of the process. */
    BPF("bpf"),
    /** An experimental IPv4 option or IPv6 destination option (RFC 4727) on the SYN. */
    IP_OPTION("ip-option"),
    /** Nothing carries traits: reads answer {@link io.pkttraits.Traits#EMPTY}, writes fail. */
    NONE("none");

    private final String id;

    CarrierType(String id) {
        this.id = id;
    }

    /** The name as {@code -Dio.pkttraits.carrier} and log lines have it, e.g. {@code ip-option}. */
    public String id() {
        return id;
    }

    /** The type with that {@link #id()}, or {@code null}. */
    public static CarrierType ofId(String id) {
        for (CarrierType type : values()) {
            if (type.id.equals(id)) {
                return type;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return id;
    }
}
