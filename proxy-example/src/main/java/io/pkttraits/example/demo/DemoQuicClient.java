// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3FrameToHttpObjectCodec;
import io.netty.handler.codec.http3.Http3RequestStreamInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.quic.QuicConnectionTraitsHandler;
import io.pkttraits.transport.quic.QuicTraits;
import io.pkttraits.transport.quic.QuicTraitsHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The same as {@link DemoClient} by HTTP/3: opens one QUIC connection for each different set of traits, all from one UDP socket,
 * and then has all requests in flight together.
 */
@Command(name = "demo-quic-client", mixinStandardHelpOptions = true)
public final class DemoQuicClient implements Callable<Integer> {
    private static final int MAX_RESPONSE = 64 * 1024;
    private static final int WINDOW = 1 << 20;
    private static final int SECONDS = 10;

    @Mixin
    private DemoOptions options;

    @Option(names = "--proxy", required = true, paramLabel = "HOST:PORT", description = "Where to connect to")
    private String proxy;

    @Parameters(
            arity = "1..*",
            paramLabel = "KEY=HEX,...",
            description = "The traits of each request's connection; a flag has no HEX, no traits are '-'")
    private List<String> sets;

    public static void main(String... args) {
        System.exit(DemoCommand.run(new DemoQuicClient(), args));
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        DemoTransport transport = options.transport();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.io());
        Channel socket = bind(group, transport);
        Map<String, QuicChannel> connections = new HashMap<>();
        for (String set : sets) {
            if (!connections.containsKey(set)) {
                connections.put(set, connect(socket, set.equals("-") ? Traits.EMPTY : TraitsText.parse(set)));
            }
        }
        List<CompletableFuture<String>> responses = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            responses.add(get(connections.get(sets.get(i)), i));
        }
        for (CompletableFuture<String> response : responses) {
            System.out.print(response.get(SECONDS, TimeUnit.SECONDS));
        }
        for (QuicChannel connection : connections.values()) {
            connection.close().sync();
        }
        return 0;
    }

    private Channel bind(EventLoopGroup group, DemoTransport transport) throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channelFactory(transport.datagram())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(new QuicTraitsHandler())
                                .addLast(Http3.newQuicClientCodecBuilder()
                                        .sslContext(QuicSslContextBuilder.forClient()
                                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                                .applicationProtocols(Http3.supportedApplicationProtocols())
                                                .build())
                                        .maxIdleTimeout(SECONDS, TimeUnit.SECONDS)
                                        .initialMaxData(WINDOW)
                                        .initialMaxStreamDataBidirectionalLocal(WINDOW)
                                        .build());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    private QuicChannel connect(Channel socket, Traits traits) throws InterruptedException {
        return QuicChannel.newBootstrap(socket)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel ch) throws TraitsException {
                        ch.pipeline()
                                .addLast(new QuicConnectionTraitsHandler())
                                .addLast(new Http3ClientConnectionHandler());
                        QuicTraits.setOutgoing(ch, traits);
                    }
                })
                .remoteAddress(DemoClient.addressOf(proxy))
                .connect()
                .sync()
                .getNow();
    }

    private CompletableFuture<String> get(QuicChannel connection, int number) throws InterruptedException {
        CompletableFuture<String> response = new CompletableFuture<>();
        QuicStreamChannel stream = Http3.newRequestStream(connection, new Http3RequestStreamInitializer() {
                    @Override
                    protected void initRequestStream(QuicStreamChannel ch) {
                        ch.pipeline()
                                .addLast(new Http3FrameToHttpObjectCodec(false))
                                .addLast(new HttpObjectAggregator(MAX_RESPONSE))
                                .addLast(new DemoReceiver(number, response));
                    }
                })
                .sync()
                .getNow();
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/set/" + number);
        request.headers().set(HttpHeaderNames.HOST, proxy);
        stream.writeAndFlush(request);
        return response;
    }
}
