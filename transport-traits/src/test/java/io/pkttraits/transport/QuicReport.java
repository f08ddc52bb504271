// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

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
import io.pkttraits.codec.Traits;
import java.nio.charset.StandardCharsets;

/** A server's stream: answers a request by the traits that it sees. */
@Sharable
final class QuicReport extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf request) {
        if (!request.isReadable()) {
            return;
        }
        Channel stream = ctx.channel();
        String answer = seen(PacketTraits.of(stream), QuicTraits.opening(stream), QuicTraits.latest(stream));
        ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), answer)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
    }

    static String seen(Traits of, Traits opening, Traits latest) {
        return of + " " + opening + " " + latest;
    }

    /** Sends a request on a stream of its own; the answer, and what the client's side received last by then. */
    static void request(QuicChannel connection, Promise<String> promise) {
        connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new Answer(promise))
                .addListener(future -> {
                    if (future.isSuccess()) {
                        QuicStreamChannel stream = (QuicStreamChannel) future.getNow();
                        stream.writeAndFlush(stream.alloc().directBuffer(1).writeByte('?'))
                                .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
                    } else {
                        promise.tryFailure(future.cause());
                    }
                });
    }

    static String request(QuicChannel connection) throws Exception {
        Promise<String> promise = connection.eventLoop().newPromise();
        request(connection, promise);
        return promise.sync().getNow();
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final StringBuilder text = new StringBuilder();
        private final Promise<String> promise;

        Answer(Promise<String> promise) {
            this.promise = promise;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            text.append(((ByteBuf) msg).toString(StandardCharsets.US_ASCII));
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                promise.trySuccess(text + " " + QuicTraits.latest(ctx.channel()));
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            promise.tryFailure(new AssertionError("the stream ended behind: " + text));
        }
    }
}
