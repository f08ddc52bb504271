// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** An HTTP server that answers every request with the traits which the kernel delivered for its connection. */
@Command(name = "demo-upstream", mixinStandardHelpOptions = true)
public final class DemoUpstream implements Callable<Integer> {
    @Mixin
    private DemoOptions options;

    public static void main(String... args) {
        System.exit(DemoCommand.run(new DemoUpstream(), args));
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        DemoTransport transport = options.transport();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.io());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(transport.server())
                .handler(new SynTraitsHandler())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(1024))
                                .addLast(new Answer());
                    }
                });
        Channel listener = bootstrap
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        System.out.println("listening on " + NetUtil.toSocketAddressString((InetSocketAddress) listener.localAddress())
                + " carrier=" + PacketTraits.carrier() + " transport=" + transport);
        listener.closeFuture().sync();
        return 0;
    }

    private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            ByteBuf body = ByteBufUtil.writeAscii(ctx.alloc(), TraitsText.format(SynTraits.of(ctx.channel())));
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            ctx.writeAndFlush(response);
        }
    }
}
