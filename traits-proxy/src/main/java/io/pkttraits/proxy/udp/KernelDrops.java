// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many datagrams the kernel dropped on a socket, mostly since its receive buffer was full: {@code SK_MEMINFO_DROPS} of
 * {@code SO_MEMINFO} (linux/sock_diag.h), Linux 4.12 or later.
 */
final class KernelDrops {
    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;
    /** Of 9 values of {@code __u32} in host order the last. */
    private static final int SK_MEMINFO_DROPS = 8;

    private static final ChannelOption<ByteBuffer> MEMINFO =
            new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, (SK_MEMINFO_DROPS + 1) * Integer.BYTES);

    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    private KernelDrops() {}

    /** Those of an open channel; 0, with a line in the log, where the kernel does not tell. */
    static long of(Channel channel) {
        try {
            ByteBuffer meminfo = channel.config().getOption(MEMINFO).order(ByteOrder.nativeOrder());
            return Integer.toUnsignedLong(meminfo.getInt(SK_MEMINFO_DROPS * Integer.BYTES));
        } catch (ChannelException e) {
            LOG.warn("cannot tell what was dropped on {}: {}", channel, e.getMessage());
            return 0;
        }
    }
}
