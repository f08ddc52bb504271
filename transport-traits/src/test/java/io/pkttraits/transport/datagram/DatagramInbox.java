// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Queues what channels read for the test, which releases it. */
@Sharable
public final class DatagramInbox extends ChannelInboundHandlerAdapter {
    private static final long TIMEOUT_SECONDS = 20;

    final BlockingQueue<DatagramPacket> packets = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        packets.add((DatagramPacket) msg);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failures.add(cause);
    }

    public DatagramPacket next() throws InterruptedException {
        DatagramPacket packet = packets.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(packet, () -> "no datagram came, but " + failures);
        return packet;
    }

    String nextText() throws InterruptedException {
        DatagramPacket packet = next();
        try {
            return packet.content().toString(StandardCharsets.US_ASCII);
        } finally {
            packet.release();
        }
    }

    Throwable nextFailure() throws InterruptedException {
        Throwable failure = failures.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(failure, "no failure came");
        return failure;
    }
}
