// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.util.internal.ObjectUtil;

/**
 * Creates channels that have a handler in their pipeline before a bootstrap adds its own.
 *
 * @param handler sharable
 */
record ChannelFactoryWithHandler<C extends Channel>(ChannelFactory<? extends C> factory, ChannelHandler handler)
        implements ChannelFactory<C> {
    ChannelFactoryWithHandler {
        ObjectUtil.checkNotNull(factory, "factory");
    }

    @Override
    public C newChannel() {
        C channel = factory.newChannel();
        channel.pipeline().addFirst(handler);
        return channel;
    }
}
