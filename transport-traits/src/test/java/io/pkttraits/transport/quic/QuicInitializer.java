// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import java.util.function.Consumer;

/** Adds the handler of the traits, then does what a test wants at once. */
final class QuicInitializer extends ChannelInitializer<QuicChannel> {
    private final Consumer<QuicChannel> then;

    QuicInitializer(Consumer<QuicChannel> then) {
        this.then = then;
    }

    @Override
    protected void initChannel(QuicChannel channel) {
        channel.pipeline().addLast(new QuicConnectionTraitsHandler());
        then.accept(channel);
    }
}
