// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.IpOptionSynCarrier;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a TCP server and client see, on every transport and address family that there is; the carrier is that of the JVM
 * ({@code -Dio.pkttraits.carrier}).
 */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("transportsAndFamilies")
@Timeout(60)
@Tag("carrier")
@Tag("test-kernel")
@Tag("test-kernel-modes")
final class SynTraitsTest {
    @Parameter(0)
    TestTransport transport;

    @Parameter(1)
    Family family;

    private TestServer server;

    static Stream<Arguments> transportsAndFamilies() {
        return TestTransport.all().stream().flatMap(t -> Family.all().stream().map(f -> Arguments.of(t, f)));
    }

    @BeforeEach
    void listen() throws Exception {
        PacketTraits.ensureAvailability();
        server = new TestServer(transport, family, bootstrap -> bootstrap.handler(new SynTraitsHandler()));
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    @Test
    void acceptedConnectionHasTheTraitsOfItsSyn() throws Exception {
        Traits traits = Traits.EMPTY.withInt(4, 0x01020304).with(9, new byte[2]);
        server.connect(new ConnectTraitsHandler(traits));
        assertEquals(traits, SynTraits.of(server.nextAccepted()));
    }

    @Test
    void eachValueSizeArrivesAsItWasSet() throws Exception {
        for (int length : TraitSets.SIZES) {
            byte[] value = new byte[length];
            new Random(length).nextBytes(value);
            Traits traits = Traits.EMPTY.with(63 - length, value);
            server.connect(new ConnectTraitsHandler(traits));
            assertEquals(traits, SynTraits.of(server.nextAccepted()));
        }
    }

    @Test
    void largestSetArrivesWhole() throws Exception {
        Traits traits = TraitSets.largest(family);
        assertSame(traits, ConnectTraitsHandler.sentOn(server.connect(new ConnectTraitsHandler(traits))));
        assertEquals(traits, SynTraits.of(server.nextAccepted()));
    }

    @Test
    void randomSetsArriveAsTheyWereSet() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 100; i++) {
            Traits traits = TraitSets.random(random, family);
            Channel client = server.connect(new ConnectTraitsHandler(traits));
            assertEquals(traits, SynTraits.of(server.nextAccepted()));
            client.close().sync();
        }
    }

    @Test
    void connectionWithoutTraitsHasNone() throws Exception {
        server.connect();
        assertSame(Traits.EMPTY, SynTraits.of(server.nextAccepted()));
        server.connect(new ConnectTraitsHandler(Traits.EMPTY));
        assertSame(Traits.EMPTY, SynTraits.of(server.nextAccepted()));
    }

    @Test
    void concurrentConnectionsKeepTheirTraitsApart() throws Exception {
        Random random = new Random(7);
        Map<Integer, Traits> setByPort = new HashMap<>();
        List<ChannelFuture> connects = new ArrayList<>();
        List<Traits> sets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Traits traits = i % 5 == 0 ? Traits.EMPTY : TraitSets.random(random, family);
            sets.add(traits);
            connects.add(server.connectTo(server.address(), new ConnectTraitsHandler(traits)));
        }
        for (int i = 0; i < connects.size(); i++) {
            Channel client = connects.get(i).sync().channel();
            setByPort.put(port(client.localAddress()), sets.get(i));
        }
        for (int i = 0; i < connects.size(); i++) {
            Channel accepted = server.nextAccepted();
            assertEquals(setByPort.get(port(accepted.remoteAddress())), SynTraits.of(accepted));
        }
    }

    @Test
    void listenerThatDoesNotSaveGivesNone() throws Exception {
        try (TestServer silent = new TestServer(transport, family, bootstrap -> {})) {
            silent.connect(new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 1)));
            assertSame(Traits.EMPTY, SynTraits.of(silent.nextAccepted()));
        }
    }

    @Test
    void channelOptionAloneSavesTraits() throws Exception {
        if (!transport.takesUnixOptions()) {
            assertTrue(optionIsUnknown(), transport + " takes the option: test that it works");
            return;
        }
        try (TestServer optioned = new TestServer(
                transport, family, bootstrap -> bootstrap.option(TraitsChannelOption.TCP_SAVE_SYN_TRAITS, 1))) {
            assertEquals(1, optioned.listener().config().getOption(TraitsChannelOption.TCP_SAVE_SYN_TRAITS));
            Traits traits = Traits.EMPTY.withLong(17, 99);
            optioned.connect(new ConnectTraitsHandler(traits));
            assertEquals(traits, SynTraits.of(optioned.nextAccepted()));
        }
    }

    private boolean optionIsUnknown() {
        return !server.listener().config().setOption(TraitsChannelOption.TCP_SAVE_SYN_TRAITS, 1);
    }

    @Test
    void handlerFetchesBeforeTheChildPipelineRuns() throws Exception {
        CompletableFuture<Traits> seenInInit = new CompletableFuture<>();
        try (TestServer handled = new TestServer(
                transport,
                family,
                bootstrap -> bootstrap.handler(new SynTraitsHandler()).childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void handlerAdded(ChannelHandlerContext ctx) {
                        seenInInit.complete(SynTraits.of(ctx.channel()));
                    }
                }))) {
            Traits traits = Traits.EMPTY.withInt(4, 5);
            handled.connect(new ConnectTraitsHandler(traits));
            assertEquals(traits, seenInInit.get(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void traitsCanBeReadAfterClose() throws Exception {
        Traits traits = Traits.EMPTY.withInt(4, 5);
        server.connect(new ConnectTraitsHandler(traits));
        Channel accepted = server.nextAccepted();
        accepted.close().sync();
        assertEquals(traits, SynTraits.of(accepted));
    }

    @Test
    void manyThreadsThatAskFirstGetTheSameTraits() throws Exception {
        try (TestServer lazy = new TestServer(
                transport,
                family,
                bootstrap -> bootstrap.handler(
                        new SaveSyn(CarrierChoice.current().carrier().saveOption())))) {
            Traits traits = Traits.EMPTY.withInt(4, 5);
            for (int round = 0; round < 20; round++) {
                lazy.connect(new ConnectTraitsHandler(traits));
                Channel accepted = lazy.nextAccepted();
                CountDownLatch start = new CountDownLatch(1);
                List<CompletableFuture<Traits>> answers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    answers.add(CompletableFuture.supplyAsync(() -> {
                        awaitQuietly(start);
                        return SynTraits.of(accepted);
                    }));
                }
                start.countDown();
                for (CompletableFuture<Traits> answer : answers) {
                    assertEquals(traits, answer.get(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
                }
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void clientSideOfAConnectionHasNoSynTraits() throws Exception {
        Channel client = server.connect(new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5)));
        assertSame(Traits.EMPTY, SynTraits.of(client));
    }

    @Test
    void setThatDoesNotFitFailsTheConnectAndNamesKeyAndSizes() throws Exception {
        Traits traits = TraitSets.tooLarge(family);
        ChannelFuture connect = server.connectTo(server.address(), new ConnectTraitsHandler(traits))
                .await();
        TraitsException failure = assertInstanceOf(TraitsException.class, connect.cause());
        assertEquals(PacketTraits.carrier(), failure.carrier());
        assertTrue(traits.contains(failure.key()), failure.getMessage());
        assertTrue(failure.getMessage().contains("key " + failure.key() + " of "), failure.getMessage());
        assertTrue(failure.getMessage().contains(PacketTraits.carrier().id()), failure.getMessage());
    }

    @Test
    void setThatDoesNotFitCanBeDroppedAsAWhole() throws Exception {
        long dropped = TraitsCounter.CONNECT_DROPPED.get();
        Channel client = server.connect(new ConnectTraitsHandler(TraitSets.tooLarge(family), UnsendablePolicy.DROP));
        assertSame(Traits.EMPTY, ConnectTraitsHandler.sentOn(client));
        assertSame(Traits.EMPTY, SynTraits.of(server.nextAccepted()));
        assertEquals(dropped + 1, TraitsCounter.CONNECT_DROPPED.get());
    }

    @Test
    void deadUpstreamFailsWithTheKernelsError() throws Exception {
        InetSocketAddress dead = server.address();
        server.listener().close().sync();
        ChannelFuture connect = server.connectTo(dead, new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5)))
                .await();
        assertInstanceOf(ConnectException.class, connect.cause());
    }

    @Test
    void cancelledConnectClosesTheChannel() throws Exception {
        Socket full = Socket.newSocketStream();
        try {
            full.bind(new InetSocketAddress(family.listen, 0));
            full.listen(0);
            InetSocketAddress address = new InetSocketAddress(family.connect, port(full.localAddress()));
            ChannelFuture pending;
            do {
                // Nobody accepts, so that after a few connections the kernel leaves the next SYN unanswered.
                pending = server.connectTo(address, new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5)));
            } while (pending.await(500));
            assertTrue(pending.cancel(false));
            assertTrue(pending.channel().closeFuture().await(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } finally {
            full.close();
        }
    }

    @Test
    void packetsAfterTheHandshakeCarryNoOptions() throws Exception {
        Channel client = server.connect(new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5)));
        server.nextAccepted();
        assertEquals(ByteBuffer.allocate(64), ipOptions(client));
    }

    @Test
    void connectOnAConnectedChannelSetsNothing() throws Exception {
        Channel client = server.connect(new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5)));
        assertNotNull(client.connect(server.address()).await().cause());
        assertEquals(ByteBuffer.allocate(64), ipOptions(client));
    }

    @Test
    @SuppressWarnings("deprecation") // Users of 4.1 have such pipelines.
    void handlerOnAnExecutorOfItsOwnLeavesNoOptionsBehindTheHandshake() throws Exception {
        EventExecutorGroup executors = new DefaultEventExecutorGroup(1, new DefaultThreadFactory("handlers", true));
        CompletableFuture<ByteBuffer> atActive = new CompletableFuture<>();
        Traits traits = Traits.EMPTY.withInt(4, 5);
        Channel client = server.connect(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(executors, new ConnectTraitsHandler(traits));
                channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) throws Exception {
                        atActive.complete(ipOptions(ctx.channel()));
                    }
                });
            }
        });
        assertEquals(ByteBuffer.allocate(64), atActive.get(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
        assertEquals(traits, SynTraits.of(server.nextAccepted()));
        client.close().sync();
        executors.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    @Test
    void connectionThatEndsWhileItIsReadHasNoTraitsOfAnother() throws Exception {
        try (TestServer lazy = new TestServer(
                transport,
                family,
                bootstrap -> bootstrap.handler(
                        new SaveSyn(CarrierChoice.current().carrier().saveOption())))) {
            lazy.connect(new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 6)));
            long errors = TraitsCounter.READ_ERROR.get();
            assertSame(Traits.EMPTY, SynTraits.of(closedDuringRead(lazy.nextAccepted())));
            assertEquals(errors + 1, TraitsCounter.READ_ERROR.get());
        }
    }

    /** The channel as a thread sees it that another one overtakes: open at the first look, closed at the second. */
    private static Channel closedDuringRead(Channel channel) {
        AtomicInteger looks = new AtomicInteger();
        return (Channel) Proxy.newProxyInstance(
                Channel.class.getClassLoader(),
                new Class<?>[] {SocketChannel.class, UnixChannel.class},
                (proxy, method, args) -> method.getName().equals("isOpen")
                        ? looks.getAndIncrement() == 0
                        : method.invoke(channel, args));
    }

    private ByteBuffer ipOptions(Channel channel) throws IOException {
        SocketOption option =
                family.isIpv4OnTheWire() ? IpOptionSynCarrier.IP_OPTIONS : IpOptionSynCarrier.IPV6_DSTOPTS;
        ByteBuffer options = ByteBuffer.allocateDirect(64);
        TraitsSocket.of(channel).getRawOpt(option.level(), option.optname(), options);
        return options.flip();
    }

    @Test
    void dataFlowsOnAConnectionWithTraits() throws Exception {
        CompletableFuture<Object> read = new CompletableFuture<>();
        Channel client =
                server.connect(new ConnectTraitsHandler(TraitSets.largest(family)), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ReferenceCountUtil.release(msg);
                        read.complete(msg);
                    }
                });
        Channel accepted = server.nextAccepted();
        accepted.writeAndFlush(accepted.alloc().buffer().writeInt(42)).sync();
        assertNotNull(read.get(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
        assertTrue(client.isActive());
    }

    private static int port(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }
}
