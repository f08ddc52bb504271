// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOption;
import java.util.Map;

/**
 * The channel options that each of Netty's transports defines for itself.
 *
 * @param constants options without any effect, each with the value that it is read as
 */
record DatagramTransportOptions(
        ChannelOption<Boolean> reusePort,
        ChannelOption<Boolean> freeBind,
        ChannelOption<Boolean> transparent,
        ChannelOption<Boolean> recvOrigDstAddr,
        ChannelOption<Boolean> multicastAll,
        ChannelOption<Boolean> udpGro,
        ChannelOption<Integer> maxDatagramPayloadSize,
        Map<ChannelOption<?>, ?> constants) {}
