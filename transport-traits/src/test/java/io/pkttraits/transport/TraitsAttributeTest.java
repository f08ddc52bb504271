// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pkttraits.Traits;
import org.junit.jupiter.api.Test;

/** How users test handlers that ask for traits: without sockets, with the attribute. */
final class TraitsAttributeTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 12345);

    /** An example of a handler under test. */
    private static final class Answering extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(PacketTraits.of(ctx.channel()).getInt(4, -1));
        }
    }

    private static EmbeddedChannel above(Channel parent) {
        return new EmbeddedChannel(parent, DefaultChannelId.newInstance(), true, false, new Answering());
    }

    private static void assertAnswers(int expected, EmbeddedChannel channel) {
        channel.writeInbound("question");
        assertEquals(expected, channel.<Integer>readOutbound());
        channel.finish();
    }

    @Test
    void traitsOfTheAttributeAreThoseOfTheChannel() {
        EmbeddedChannel channel = new EmbeddedChannel(new Answering());
        channel.attr(PacketTraits.TRAITS).set(TRAITS);
        assertSame(TRAITS, PacketTraits.of(channel));
        assertAnswers(12345, channel);
    }

    @Test
    void traitsOfAParentAreThoseOfTheChannelsAboveIt() {
        EmbeddedChannel connection = new EmbeddedChannel();
        connection.attr(PacketTraits.TRAITS).set(TRAITS);
        EmbeddedChannel stream = above(above(connection));
        assertSame(TRAITS, PacketTraits.of(stream));
        assertAnswers(12345, stream);
    }

    @Test
    void nearestAttributeWins() {
        EmbeddedChannel connection = new EmbeddedChannel();
        connection.attr(PacketTraits.TRAITS).set(TRAITS);
        EmbeddedChannel stream = above(connection);
        stream.attr(PacketTraits.TRAITS).set(TRAITS.withInt(4, 6));
        assertAnswers(6, stream);
    }

    @Test
    void withoutTheAttributeThereAreNone() {
        assertAnswers(-1, above(new EmbeddedChannel()));
    }
}
