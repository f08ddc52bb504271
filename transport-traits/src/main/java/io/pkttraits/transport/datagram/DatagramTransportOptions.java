// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOption;
import java.util.Map;

/**
 * The channel options that each of Netty's transports has as constants of its own.
 *
 * @param constants further ones that say nothing any more: what they are read as
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
