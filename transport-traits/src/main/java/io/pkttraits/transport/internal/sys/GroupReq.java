// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

/**
 * {@code struct group_req} and {@code struct group_source_req} (RFC 3678 section 5.1), the arguments of {@code
 * MCAST_JOIN_GROUP} and the like, for IPv4 and IPv6.
 *
 * <pre>
 *    0               4               8                     136                   264
 *   +---------------+---------------+---------------------+---------------------+
 *   | gr_interface  |      pad      |      gr_group       |     gsr_source      |
 *   +---------------+---------------+---------------------+---------------------+
 * </pre>
 *
 * The addresses are {@code struct sockaddr_storage}. {@code group_req} ends before the source.
 */
public final class GroupReq {
    static final int SIZE = 136;
    static final int SOURCE_SIZE = 264;
    static final int GR_INTERFACE = 0;
    static final int GR_GROUP = 8;
    static final int GSR_SOURCE = 136;

    private GroupReq() {}

    /**
     * Returns the structure for one group.
     *
     * @param source the only sender to be heard, or {@code null} for any
     */
    public static NativeMemory of(int interfaceIndex, byte[] group, byte[] source) {
        NativeMemory request = new NativeMemory(source == null ? SIZE : SOURCE_SIZE);
        request.host().putInt(GR_INTERFACE, interfaceIndex);
        setAddress(request, GR_GROUP, group);
        if (source != null) {
            setAddress(request, GSR_SOURCE, source);
        }
        return request;
    }

    private static void setAddress(NativeMemory request, int at, byte[] address) {
        if (address.length == 4) {
            SockaddrIn.set(request, at, address, 0);
        } else {
            SockaddrIn6.set(request, at, address, 0, 0);
        }
    }
}
