// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a QUIC socket reads, and makes datagrams of it that are no connection's any more. */
final class QuicNoise extends ChannelInboundHandlerAdapter {
    private static final int SHORT_HEADER_ID_LENGTH = 20;

    private final Random random;
    private final List<byte[]> read = new CopyOnWriteArrayList<>();

    QuicNoise(Random random) {
        this.random = random;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        byte[] bytes = ByteBufUtil.getBytes(((DatagramPacket) msg).content());
        if (!isInitial(bytes)) {
            read.add(bytes);
        }
        ctx.fireChannelRead(msg);
    }

    /** Anybody may open a connection by one. */
    private static boolean isInitial(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] & 0xb0) == 0x80;
    }

    /** As it was read. */
    ByteBuf genuine() {
        return direct(read.get(random.nextInt(read.size())));
    }

    /** At random: bytes without sense; a packet with one bit of its connection id changed; one cut off in its id. */
    ByteBuf next() {
        if (random.nextInt(3) == 0) {
            byte[] bytes = new byte[random.nextInt(1300)];
            random.nextBytes(bytes);
            if (isInitial(bytes)) {
                bytes[0] |= 0x10;
            }
            return direct(bytes);
        }
        byte[] bytes = read.get(random.nextInt(read.size())).clone();
        boolean longHeader = bytes[0] < 0;
        int id = longHeader ? 6 : 1; // RFC 9000, 17.2 and 17.3
        int length = longHeader ? bytes[5] : SHORT_HEADER_ID_LENGTH;
        if (random.nextBoolean()) {
            return direct(Arrays.copyOf(bytes, id + random.nextInt(length)));
        }
        bytes[id + random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        return direct(bytes);
    }

    private static ByteBuf direct(byte[] bytes) {
        return Unpooled.directBuffer().writeBytes(bytes);
    }
}
