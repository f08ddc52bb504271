// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Opens one connection per set of traits, asks for {@code /set/N} over it, and prints of each response {@code N: STATUS} and every
 * line of the content as {@code N= LINE}.
 */
@Command(name = "demo-client", mixinStandardHelpOptions = true)
public final class DemoClient implements Callable<Integer> {
    private static final int MAX_RESPONSE = 64 * 1024;

    @Mixin
    private DemoOptions options;

    @Option(names = "--proxy", required = true, paramLabel = "HOST:PORT", description = "Where to connect to")
    private String proxy;

    @Parameters(
            arity = "1..*",
            paramLabel = "KEY=HEX,...",
            description = "A set of traits; a flag has no HEX, a connection without traits is '-'")
    private List<String> sets;

    public static void main(String... args) {
        System.exit(DemoCommand.run(new DemoClient(), args));
    }

    @Override
    public Integer call() throws Exception {
        options.apply();
        DemoTransport transport = options.transport();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.io());
        for (int i = 0; i < sets.size(); i++) {
            String set = sets.get(i);
            Traits traits = set.equals("-") ? Traits.EMPTY : TraitsText.parse(set);
            get(group, transport, i, traits);
        }
        return 0;
    }

    private void get(EventLoopGroup group, DemoTransport transport, int number, Traits traits) throws Exception {
        CompletableFuture<String> response = new CompletableFuture<>();
        Channel channel = new Bootstrap()
                .group(group)
                .channel(transport.client())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(new ConnectTraitsHandler(traits))
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(MAX_RESPONSE))
                                .addLast(new DemoReceiver(number, response));
                    }
                })
                .connect(addressOf(proxy))
                .sync()
                .channel();
        DefaultFullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/set/" + number);
        request.headers().set(HttpHeaderNames.HOST, proxy);
        channel.writeAndFlush(request);
        System.out.print(response.get());
        channel.close().sync();
    }

    /** Reads HOST:PORT. */
    static InetSocketAddress addressOf(String hostPort) {
        URI uri = URI.create("//" + hostPort);
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }
}
