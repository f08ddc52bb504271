// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.pkttraits.Traits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which traits a connection gets, and how handlers get into pipelines that only a channel factory reaches. */
@ParameterizedClass
@MethodSource("transports")
@Tag("carrier")
@Tag("test-kernel")
final class ConnectTraitsHandlerTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 12345);

    @Parameter
    TestTransport transport;

    private TestServer server;

    static List<TestTransport> transports() {
        return TestTransport.all();
    }

    @BeforeEach
    void listen() throws Exception {
        server = TestServer.of(transport, Family.IPV4, SynTraitsHandler.listener(listeners()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private ChannelFactory<ServerChannel> listeners() {
        return new ReflectiveChannelFactory<>(transport.serverChannel());
    }

    private ChannelFactory<Channel> channels() {
        return new ReflectiveChannelFactory<>(transport.channel());
    }

    private Bootstrap client(ConnectTraitsHandler handler) {
        return TestServer.client(transport, handler);
    }

    private Traits arrived(ChannelFuture connect) throws Exception {
        Channel client = connect.sync().channel();
        Traits seen = PacketTraits.of(server.nextAccepted());
        assertEquals(seen, ConnectTraitsHandler.sentOn(client));
        client.close().sync();
        return seen;
    }

    @Test
    void traitsOfTheAttributeAreSent() throws Exception {
        ConnectTraitsHandler handler = new ConnectTraitsHandler();
        assertEquals(
                TRAITS,
                arrived(client(handler)
                        .attr(ConnectTraitsHandler.TRAITS, TRAITS)
                        .connect(server.address())));
    }

    @Test
    void withoutTheAttributeNothingIsSent() throws Exception {
        assertSame(Traits.EMPTY, arrived(client(new ConnectTraitsHandler()).connect(server.address())));
    }

    @Test
    void traitsOfTheConstructorDoNotGiveWayToTheAttribute() throws Exception {
        Bootstrap bootstrap =
                client(new ConnectTraitsHandler(TRAITS)).attr(ConnectTraitsHandler.TRAITS, Traits.EMPTY.withFlag(9));
        assertEquals(TRAITS, arrived(bootstrap.connect(server.address())));
    }

    @Test
    void traitsThatAConnectionCameWithAreNotSent() throws Exception {
        Bootstrap bootstrap = client(new ConnectTraitsHandler()).attr(PacketTraits.TRAITS, TRAITS);
        assertSame(Traits.EMPTY, arrived(bootstrap.connect(server.address())));
    }

    @Test
    void oneHandlerServesManyChannelsAtATimeEachWithItsTraits() throws Exception {
        ConnectTraitsHandler shared = new ConnectTraitsHandler();
        Map<Traits, Integer> expected = new HashMap<>();
        List<ChannelFuture> connects = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Traits traits = Traits.EMPTY.withInt(4, i);
            expected.merge(traits, 1, Integer::sum);
            connects.add(
                    client(shared).attr(ConnectTraitsHandler.TRAITS, traits).connect(server.address()));
        }
        Map<Traits, Integer> seen = new HashMap<>();
        for (int i = 0; i < connects.size(); i++) {
            seen.merge(PacketTraits.of(server.nextAccepted()), 1, Integer::sum);
        }
        assertEquals(expected, seen);
        for (int i = 0; i < connects.size(); i++) {
            Channel client = connects.get(i).sync().channel();
            assertEquals(Traits.EMPTY.withInt(4, i), ConnectTraitsHandler.sentOn(client));
            client.close().sync();
        }
    }

    @Test
    void unsendableTraitsOfTheAttributeFollowThePolicy() throws Exception {
        Traits tooLarge = TraitSets.tooLarge(Family.IPV4);
        ChannelFuture failed = client(new ConnectTraitsHandler())
                .attr(ConnectTraitsHandler.TRAITS, tooLarge)
                .connect(server.address())
                .await();
        assertInstanceOf(TraitsException.class, failed.cause());
        assertSame(
                Traits.EMPTY,
                arrived(client(new ConnectTraitsHandler(UnsendablePolicy.DROP))
                        .attr(ConnectTraitsHandler.TRAITS, tooLarge)
                        .connect(server.address())));
    }

    @Test
    void channelsOfTheFactorySendTraitsUnderAnyBootstrap() throws Exception {
        ChannelFactory<Channel> factory = ConnectTraitsHandler.channelFactory(channels(), TRAITS);
        for (int i = 0; i < 3; i++) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(transport.group())
                    .channelFactory(factory)
                    .handler(new ChannelInboundHandlerAdapter());
            assertEquals(TRAITS, arrived(bootstrap.connect(server.address())));
        }
    }

    @Test
    @SuppressWarnings("deprecation") // What older frameworks call.
    void factoriesGoWhereNettysDeprecatedTypeIsAskedFor() throws Exception {
        io.netty.bootstrap.ChannelFactory<Channel> client = ConnectTraitsHandler.channelFactory(channels(), TRAITS);
        io.netty.bootstrap.ChannelFactory<ServerChannel> listener = SynTraitsHandler.listener(listeners());
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        Channel bound = new ServerBootstrap()
                .group(transport.group())
                .channelFactory(listener)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        Channel channel = new Bootstrap()
                .group(transport.group())
                .channelFactory(client)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(bound.localAddress())
                .sync()
                .channel();
        Channel served = accepted.poll(20, TimeUnit.SECONDS);
        assertEquals(TRAITS, PacketTraits.of(served));
        channel.close().sync();
        served.close().sync();
        bound.close().sync();
    }

    @Test
    void listenerOfTheFactoryReadsBeforeTheHandlersOfTheBootstrap() throws Exception {
        BlockingQueue<Boolean> known = new LinkedBlockingQueue<>();
        Channel listener = new ServerBootstrap()
                .group(transport.group())
                .channelFactory(SynTraitsHandler.listener(listeners()))
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        known.add(((Channel) msg).attr(PacketTraits.TRAITS).get() != null);
                        ctx.fireChannelRead(msg);
                    }
                })
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        Channel client = client(new ConnectTraitsHandler(TRAITS))
                .connect(listener.localAddress())
                .sync()
                .channel();
        assertEquals(true, known.poll(20, TimeUnit.SECONDS));
        client.close().sync();
        listener.close().sync();
    }

    @Test
    void handlerThatIsAddedAfterBindReadsLaterConnections() throws Exception {
        try (TestServer late = new TestServer(transport, Family.IPV4, bootstrap -> {})) {
            long before = TraitsCounter.HANDLER_LATE.get();
            Runnable add = () -> late.listener().pipeline().addFirst(new SynTraitsHandler());
            late.listener().eventLoop().submit(add).sync();
            assertEquals(before + 1, TraitsCounter.HANDLER_LATE.get());
            late.connect(new ConnectTraitsHandler(TRAITS));
            assertEquals(TRAITS, PacketTraits.of(late.nextAccepted()));
            // A second one finds saving on, so nothing is lost and nothing is counted.
            late.listener().eventLoop().submit(add).sync();
            assertEquals(before + 1, TraitsCounter.HANDLER_LATE.get());
        }
    }

    @Test
    void connectionWithoutTraitsAtAListenerThatSavesIsNoMisuse() throws Exception {
        long absent = TraitsCounter.SYN_ABSENT.get();
        long notSaved = TraitsCounter.SYN_NOT_SAVED.get();
        for (int i = 0; i < 3; i++) {
            assertSame(Traits.EMPTY, arrived(client(new ConnectTraitsHandler()).connect(server.address())));
        }
        assertEquals(absent + 3, TraitsCounter.SYN_ABSENT.get());
        assertEquals(notSaved, TraitsCounter.SYN_NOT_SAVED.get());
    }

    @Test
    void connectRefusedOnAForeignTransportNamesTheRemedy() throws Exception {
        @SuppressWarnings("deprecation") // Netty 4.1 has no other NIO group.
        EventLoopGroup group = new NioEventLoopGroup(1);
        try {
            ChannelFuture connect = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ConnectTraitsHandler(TRAITS))
                    .connect(server.address())
                    .await();
            TraitsException refused = assertInstanceOf(TraitsException.class, connect.cause());
            assertTrue(refused.getMessage().contains("EpollSocketChannel"), refused.getMessage());
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }
}
