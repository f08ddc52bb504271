// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOption;

/** The channel options that each of Netty's transports has as constants of its own. */
record DatagramTransportOptions(
        ChannelOption<Boolean> reusePort,
        ChannelOption<Boolean> freeBind,
        ChannelOption<Boolean> transparent,
        ChannelOption<Boolean> recvOrigDstAddr,
        ChannelOption<Boolean> multicastAll,
        ChannelOption<Boolean> udpGro,
        ChannelOption<Integer> maxDatagramPayloadSize) {}
