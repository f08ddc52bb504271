// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** A server's stream: answers a request by the traits that it sees. */
@Sharable
final class QuicReport extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
        if (!request.isReadable()) {
            return; // the end of the request
        }
        Channel stream = ctx.channel();
        String answer = seen(PacketTraits.of(stream), QuicTraits.opening(stream), QuicTraits.latest(stream));
        ByteBuf text = ByteBufUtil.writeUtf8(ctx.alloc(), answer + " ".repeat(request.readUnsignedShort()));
        ctx.writeAndFlush(text).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }

    static String seen(Traits of, Traits opening, Traits latest) {
        return of + " " + opening + " " + latest;
    }

    /**
     * Sends a request on a stream of its own. Promises the answer, and what the client's side knew as its latest traits each
     * time it read of it.
     *
     * @param padding spaces that the server appends, for an answer of many datagrams; below 65536
     */
    static void request(QuicChannel connection, int padding, Promise<String> promise) {
        connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new Answer(promise))
                .addListener(future -> {
                    if (future.isSuccess()) {
                        QuicStreamChannel stream = (QuicStreamChannel) future.getNow();
                        stream.writeAndFlush(stream.alloc().directBuffer(2).writeShort(padding))
                                .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
                    } else {
                        promise.tryFailure(future.cause());
                    }
                });
    }

    static String request(QuicChannel connection) throws Exception {
        Promise<String> promise = connection.eventLoop().newPromise();
        request(connection, 0, promise);
        return promise.sync().getNow();
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final StringBuilder text = new StringBuilder();
        private final Set<Traits> latest = new HashSet<>();
        private final Promise<String> promise;

        Answer(Promise<String> promise) {
            this.promise = promise;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            latest.add(QuicTraits.latest(ctx.channel()));
            text.append(((ByteBuf) msg).toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                promise.trySuccess(text.toString().strip() + " " + latest);
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            promise.tryFailure(new AssertionError("the stream ended behind: " + text));
        }
    }
}
