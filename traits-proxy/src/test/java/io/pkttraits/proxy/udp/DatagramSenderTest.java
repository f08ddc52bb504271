// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import io.pkttraits.transport.policy.BoundTraitsPolicy;
import io.pkttraits.transport.policy.ConnectionFacts;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of datagrams that the kernel does not take at once, or not at all. */
class DatagramSenderTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    private static final BoundTraitsPolicy POLICY = TraitsPolicy.ALL.bind(ConnectionFacts.of(CLIENT, null));
    private static final int SIZE = 1000;

    private final RelayTotals totals = new RelayTotals();
    private final Kernel kernel = new Kernel();
    private final EmbeddedChannel channel = new EmbeddedChannel(kernel);
    private final DatagramSender sender = new DatagramSender(
            channel,
            new RelayConfig(
                    CLIENT,
                    CLIENT,
                    IoTransport.EPOLL,
                    1,
                    () -> TraitsPolicy.ALL,
                    UnsendablePolicy.FAIL,
                    new RelayConfig.Limits(1, 65527, 1, Duration.ofSeconds(1))),
            totals,
            totals.toUpstream());

    /** Takes nothing while it is busy, and fails as many writes as it was told to. */
    private static final class Kernel extends ChannelOutboundHandlerAdapter {
        boolean busy;
        int failures;

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            if (failures > 0) {
                failures--;
                ReferenceCountUtil.release(msg);
                promise.setFailure(new PortUnreachableException("earlier datagram"));
            } else {
                ctx.write(msg, promise);
            }
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!busy) {
                ctx.flush();
            }
        }
    }

    private ByteBuf send(int mark) {
        ByteBuf content = Unpooled.directBuffer(SIZE).writeInt(mark).writeZero(SIZE - Integer.BYTES);
        sender.send(new TraitsDatagramPacket(content, null, CLIENT, Traits.EMPTY), null, CLIENT, POLICY);
        return content;
    }

    private List<Integer> sent() {
        List<Integer> marks = new ArrayList<>();
        for (TraitsDatagramPacket packet = channel.readOutbound(); packet != null; packet = channel.readOutbound()) {
            marks.add(packet.content().getInt(0));
            assertEquals(SIZE, packet.content().readableBytes());
            packet.release();
        }
        return marks;
    }

    private long total(String path) {
        return TestRelay.total(totals.toString(), path);
    }

    @Test
    void anEarlierDatagramsErrorDoesNotCostThisOne() {
        kernel.failures = 1;
        ByteBuf content = send(7);
        sender.flush();
        assertEquals(List.of(7), sent());
        assertEquals(1, total("upstream-errors"));
        assertEquals(1, total("to-upstream.sent"));
        assertEquals(0, content.refCnt());
    }

    @Test
    void datagramThatFailsTwiceIsCountedAsDropped() {
        kernel.failures = 2;
        ByteBuf content = send(7);
        sender.flush();
        assertEquals(List.of(), sent());
        assertEquals(1, total("dropped.send-error"));
        assertEquals(0, total("to-upstream.sent"));
        assertEquals(0, content.refCnt());
    }

    @Test
    void whatIsHeldBackIsSentLaterOnceAndTheRestIsCountedAsOverload() {
        kernel.busy = true;
        int count = 1000;
        for (int i = 0; i < count; i++) {
            send(i);
            sender.flush();
        }
        long dropped = total("dropped.overload");
        assertTrue(dropped > 0 && dropped < count, totals.toString());
        kernel.busy = false;
        sender.flush();
        List<Integer> sent = sent();
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(i, sent.get(i));
        }
        assertEquals(count, sent.size() + dropped);
        assertEquals(sent.size(), total("to-upstream.sent"));
        assertEquals(count, total("to-upstream.received"));
    }

    @Test
    void batchIsFlushedBeforeItsDatagramsCountAsOverload() {
        for (int i = 0; i < 1000; i++) {
            send(i);
        }
        sender.flush();
        assertEquals(1000, sent().size());
        assertEquals(0, total("dropped.overload"));
    }

    @Test
    void whatWaitsKeepsNoReceiveBuffer() {
        kernel.busy = true;
        ByteBuf first = send(0);
        sender.flush();
        assertEquals(2, first.refCnt(), "the channel's and the promise's reference");
        ByteBuf second = send(1);
        assertEquals(0, second.refCnt());
        kernel.busy = false;
        sender.flush();
        assertEquals(List.of(0, 1), sent());
        assertEquals(0, first.refCnt());
    }

    @Test
    void closedChannelsDatagramsAreCounted() {
        kernel.busy = true;
        ByteBuf content = send(0);
        channel.close();
        assertEquals(1, total("dropped.closed"));
        assertEquals(0, content.refCnt());
        assertNull(channel.readOutbound());
    }
}
