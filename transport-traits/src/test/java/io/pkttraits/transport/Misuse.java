// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Ways to get no traits although there could be some, each with the counter that counts it and words of its remedy. */
@SuppressWarnings("ImmutableEnumChecker") // what it holds has no state
enum Misuse {
    HANDLER_ON_A_NIO_LISTENER(
            "auto", TraitsCounter.SYN_CHANNEL_UNSUPPORTED, "EpollServerSocketChannel", "IoUringServerSocketChannel") {
        @Override
        void commit(TestTransport transport) throws Exception {
            onNio(bootstrap -> bootstrap.handler(new SynTraitsHandler()), null);
        }
    },
    PACKET_TRAITS_OF_A_NIO_CONNECTION("auto", TraitsCounter.SYN_CHANNEL_UNSUPPORTED, "EpollSocketChannel") {
        @Override
        void commit(TestTransport transport) throws Exception {
            onNio(bootstrap -> {}, PacketTraits::of);
        }
    },
    SYN_TRAITS_OF_A_NIO_CONNECTION("auto", TraitsCounter.SYN_CHANNEL_UNSUPPORTED, "EpollSocketChannel") {
        @Override
        void commit(TestTransport transport) throws Exception {
            onNio(bootstrap -> {}, SynTraits::of);
        }
    },
    HANDLER_WITHOUT_A_CARRIER("none", TraitsCounter.SYN_NO_CARRIER, "switched off by -Dio.pkttraits.carrier=none") {
        @Override
        void commit(TestTransport transport) throws Exception {
            new TestServer(transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler())).close();
        }
    },
    CONNECTION_WITHOUT_A_CARRIER("none", TraitsCounter.SYN_NO_CARRIER, "switched off by -Dio.pkttraits.carrier=none") {
        @Override
        void commit(TestTransport transport) throws Exception {
            askFirstConnection(transport, bootstrap -> {});
        }
    },
    CONNECTION_WITH_A_CARRIER_THAT_IS_NOT_THERE(
            "kernel", TraitsCounter.SYN_NO_CARRIER, "a kernel with the packet traits RFC would") {
        @Override
        void commit(TestTransport transport) throws Exception {
            askFirstConnection(transport, bootstrap -> {});
        }
    },
    HANDLER_ON_AN_ACCEPTED_CHANNEL("auto", TraitsCounter.HANDLER_MISPLACED, "ServerBootstrap.handler(...)") {
        @Override
        void commit(TestTransport transport) throws Exception {
            BlockingQueue<Channel> initialized = new LinkedBlockingQueue<>();
            try (TestServer server = new TestServer(
                    transport,
                    Family.IPV4,
                    bootstrap -> bootstrap.handler(new SynTraitsHandler()).childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new SynTraitsHandler());
                            initialized.add(channel);
                        }
                    }))) {
                server.connect();
                Channel accepted = next(initialized);
                // Served, whatever is said of it: the handler has not been removed by an exception.
                if (accepted.pipeline().get(SynTraitsHandler.class) == null || !accepted.isOpen()) {
                    throw new AssertionError("not served: " + accepted.pipeline());
                }
                accepted.close().sync();
            }
        }
    },
    HANDLER_AFTER_BIND("auto", TraitsCounter.HANDLER_LATE, "add it before bind", "SynTraitsHandler.listener(...)") {
        @Override
        void commit(TestTransport transport) throws Exception {
            try (TestServer server = new TestServer(transport, Family.IPV4, bootstrap -> {})) {
                server.listener()
                        .eventLoop()
                        .submit(() -> server.listener().pipeline().addFirst(new SynTraitsHandler()))
                        .sync();
            }
        }
    },
    CONNECT_HANDLER_ON_A_CONNECTION(
            "auto", TraitsCounter.CONNECT_LATE, "Bootstrap.handler(...)", "ConnectTraitsHandler.channelFactory(...)") {
        @Override
        void commit(TestTransport transport) throws Exception {
            try (TestServer server = new TestServer(transport, Family.IPV4, bootstrap -> {})) {
                Channel client = server.connect();
                ConnectTraitsHandler late = new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5));
                client.eventLoop()
                        .submit(() -> client.pipeline().addFirst(late))
                        .sync();
            }
        }
    },
    SAVE_OPTION_ON_ACCEPTED_CHANNELS(
            "bpf", TraitsCounter.SAVE_OPTION_MISPLACED, "ServerBootstrap.option(...)", "not with childOption(...)") {
        @Override
        void commit(TestTransport transport) throws Exception {
            askFirstConnection(
                    transport, bootstrap -> bootstrap.childOption(TraitsChannelOption.TCP_SAVE_SYN_TRAITS, 1));
        }

        @Override
        boolean isPossibleOn(TestTransport transport) {
            return transport.takesUnixOptions();
        }
    },
    SAVE_OPTION_ON_ACCEPTED_CHANNELS_WITH_IP_OPTIONS(
            "ip-option",
            TraitsCounter.SAVE_OPTION_MISPLACED,
            "ServerBootstrap.option(...)",
            "not with childOption(...)") {
        @Override
        void commit(TestTransport transport) throws Exception {
            SAVE_OPTION_ON_ACCEPTED_CHANNELS.commit(transport);
        }

        @Override
        boolean isPossibleOn(TestTransport transport) {
            return transport.takesUnixOptions();
        }
    },
    LISTENER_THAT_DOES_NOT_SAVE("bpf", TraitsCounter.SYN_NOT_SAVED, "SynTraitsHandler", "TCP_SAVE_SYN_TRAITS") {
        @Override
        void commit(TestTransport transport) throws Exception {
            askFirstConnection(transport, bootstrap -> {});
        }
    },
    LISTENER_THAT_DOES_NOT_SAVE_WITH_IP_OPTIONS(
            "ip-option", TraitsCounter.SYN_NOT_SAVED, "SynTraitsHandler", "TCP_SAVE_SYN_TRAITS") {
        @Override
        void commit(TestTransport transport) throws Exception {
            askFirstConnection(transport, bootstrap -> {});
        }
    },
    SYN_FROM_BEFORE_SAVING("ip-option", TraitsCounter.SYN_NOT_KEPT, "SO_BACKLOG", "before bind") {
        @Override
        void commit(TestTransport transport) throws Exception {
            try (TestServer server = new TestServer(transport, Family.IPV4, bootstrap -> {})) {
                server.connect();
                Channel accepted = server.nextAccepted();
                SocketOption save = CarrierChoice.current().carrier().saveOption();
                TraitsSocket.of(server.listener()).setIntOpt(save.level(), save.optname(), 1);
                PacketTraits.of(accepted);
            }
        }
    };

    /** What {@code -Dio.pkttraits.carrier} has to be. */
    final String carrier;

    final TraitsCounter counter;
    final List<String> remedy;

    Misuse(String carrier, TraitsCounter counter, String... remedy) {
        this.carrier = carrier;
        this.counter = counter;
        this.remedy = List.of(remedy);
    }

    /** Commits the misuse once. */
    abstract void commit(TestTransport transport) throws Exception;

    /** Whether the misuse depends on the transport, or this is the one of those that do not. */
    boolean isPossibleOn(TestTransport transport) {
        return !name().contains("NIO") || transport == TestTransport.all().get(0);
    }

    /** What sets up a server. */
    private interface Setup extends Consumer<ServerBootstrap> {}

    /** What is done with an accepted channel. */
    private interface Question extends Consumer<Channel> {}

    private static void askFirstConnection(TestTransport transport, Setup setup) throws Exception {
        try (TestServer server = new TestServer(transport, Family.IPV4, setup)) {
            server.connect();
            Channel accepted = server.nextAccepted();
            PacketTraits.of(accepted);
            PacketTraits.of(accepted); // Counted once all the same.
        }
    }

    private static Channel next(BlockingQueue<Channel> channels) throws InterruptedException {
        Channel channel = channels.poll(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (channel == null) {
            throw new AssertionError("no connection accepted");
        }
        return channel;
    }

    @SuppressWarnings("deprecation") // Netty 4.1 has no other NIO group, and this runs there too.
    private static void onNio(Setup setup, Question question) throws Exception {
        EventLoopGroup group = new NioEventLoopGroup(1);
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                    }
                });
        setup.accept(bootstrap);
        Channel listener = bootstrap.bind("127.0.0.1", 0).sync().channel();
        if (question != null) {
            InetSocketAddress address = (InetSocketAddress) listener.localAddress();
            try (Socket client = new Socket()) {
                client.connect(address);
                Channel channel = next(accepted);
                question.accept(channel);
                question.accept(channel); // Counted once all the same.
                channel.close().sync();
            }
        }
        listener.close().sync();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
}
