// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCounted;
import io.pkttraits.transport.TestServer;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Closing, moving and failing in the midst of reading and writing. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class DatagramLifecycleTest {
    private static final int COUNT = 100;

    private final DatagramInbox inbox = new DatagramInbox();

    /** What was sent before a close, and by stock channels behind the end, may arrive unawaited. */
    @AfterEach
    void releaseRest() {
        inbox.packets.forEach(ReferenceCounted::release);
    }

    /** Closes its channel where it is told to, and keeps what was read to see that it can be released once. */
    private static final class Closer extends ChannelInboundHandlerAdapter {
        final Queue<Object> read = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final boolean inRead;

        Closer(boolean inRead) {
            this.inRead = inRead;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            read.add(msg);
            if (inRead) {
                ctx.close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (!read.isEmpty()) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }
    }

    private static void closeWhileReading(DatagramFixture fixture, Closer closer) throws Exception {
        DatagramChannel receiver = fixture.bind(
                closer,
                bootstrap -> bootstrap
                        .option(ChannelOption.AUTO_READ, false)
                        .option(fixture.transport.options.maxDatagramPayloadSize(), 64)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * 8)));
        DatagramChannel sender = fixture.bind(new DatagramInbox());
        InetSocketAddress to = fixture.to(receiver);
        for (int i = 0; i < COUNT; i++) {
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("n" + i), to))
                    .sync();
        }
        receiver.config().setAutoRead(true);
        assertTrue(receiver.closeFuture().await(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
        fixture.transport.settle();
        assertFalse(receiver.isOpen());
        assertTrue(closer.failures.isEmpty(), closer.failures::toString);
        assertFalse(closer.read.isEmpty());
        assertTrue(closer.read.size() <= COUNT);
        int i = 0;
        for (Object msg : closer.read) {
            ByteBuf content = ((DatagramPacket) msg).content();
            assertEquals("n" + i++, content.toString(StandardCharsets.US_ASCII));
            content.release();
        }
        for (Object msg : closer.read) {
            assertEquals(0, ((ReferenceCounted) msg).refCnt());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void closeInsideChannelRead(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            closeWhileReading(fixture, new Closer(true));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void closeInsideChannelReadComplete(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            closeWhileReading(fixture, new Closer(false));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void closeInsideTheListenerOfAWriteCompletesTheOthers(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            List<ByteBuf> contents = new ArrayList<>();
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                ByteBuf content = DatagramFixture.text("n" + i);
                contents.add(content);
                written.add(sender.write(new DatagramPacket(content, fixture.to(receiver))));
            }
            written.get(COUNT / 2).addListener(ChannelFutureListener.CLOSE);
            sender.flush();
            assertTrue(sender.closeFuture().await(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
            int sent = 0;
            for (ChannelFuture future : written) {
                assertTrue(future.await(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
                if (future.isSuccess()) {
                    sent++;
                } else {
                    assertInstanceOf(ClosedChannelException.class, future.cause());
                }
            }
            assertTrue(sent > COUNT / 2);
            for (int i = 0; i < sent; i++) {
                assertEquals("n" + i, inbox.nextText());
            }
            fixture.transport.settle();
            contents.forEach(content -> assertEquals(0, content.refCnt()));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void closeWithUnsentWritesCompletesAndReleasesThem(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            List<ByteBuf> contents = new ArrayList<>();
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                ByteBuf content = DatagramFixture.text("n" + i);
                contents.add(content);
                written.add(sender.write(new DatagramPacket(content, fixture.to(receiver))));
                if (i == COUNT / 2) {
                    sender.flush();
                }
            }
            sender.close().sync();
            for (int i = 0; i < COUNT; i++) {
                assertTrue(written.get(i).await(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS));
                if (i > COUNT / 2) {
                    assertInstanceOf(
                            ClosedChannelException.class, written.get(i).cause());
                }
                if (written.get(i).isSuccess()) {
                    assertEquals("n" + i, inbox.nextText());
                }
            }
            fixture.transport.settle();
            contents.forEach(content -> assertEquals(0, content.refCnt()));
            assertInstanceOf(
                    ClosedChannelException.class,
                    sender.writeAndFlush(DatagramFixture.text("late")).await().cause());
        }
    }

    /** Hands the channel from loop to loop while datagrams come in and go out; none is lost or twice. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.MOVABLE)
    void channelMovesWhileItReadsAndWrites(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramInbox echoed = new DatagramInbox();
            DatagramChannel moving = fixture.bind(inbox);
            DatagramChannel peer = fixture.connect(echoed, fixture.to(moving));
            for (int round = 0; round < 20; round++) {
                List<ChannelFuture> written = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    written.add(peer.writeAndFlush(DatagramFixture.text(round + "in" + i)));
                    written.add(moving.writeAndFlush(
                            new DatagramPacket(DatagramFixture.text(round + "out" + i), peer.localAddress())));
                    if (i == 5) {
                        moving.deregister().sync();
                        fixture.transport.group.register(moving).sync();
                    }
                }
                for (ChannelFuture future : written) {
                    future.sync();
                }
                for (int i = 0; i < 10; i++) {
                    assertEquals(round + "in" + i, inbox.nextText());
                    assertEquals(round + "out" + i, echoed.nextText());
                }
            }
            assertTrue(inbox.failures.isEmpty(), inbox.failures::toString);
        }
    }

    /** Without anybody reading the error must not spin the event loop nor get lost. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void unreachablePortIsToldWithoutAutoReadAtTheNextWriteOrRead(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel gone = fixture.bind(new DatagramInbox());
            InetSocketAddress closed = fixture.to(gone);
            gone.close().sync();
            DatagramChannel client =
                    fixture.connect(inbox, closed, bootstrap -> bootstrap.option(ChannelOption.AUTO_READ, false));
            client.writeAndFlush(DatagramFixture.text("anybody?")).sync();
            client.read();
            assertInstanceOf(PortUnreachableException.class, inbox.nextFailure());
            assertTrue(client.isOpen());
            // The port is taken again: the channel has not suffered.
            DatagramInbox late = new DatagramInbox();
            DatagramChannel again = fixture.bind(fixture.transport.bootstrap(family.sockets, late), closed);
            client.writeAndFlush(DatagramFixture.text("now?")).sync();
            DatagramPacket came = late.next();
            client.read();
            again.writeAndFlush(new DatagramPacket(DatagramFixture.text("yes"), came.sender()))
                    .sync();
            came.release();
            assertEquals("yes", inbox.nextText());
        }
    }

    /** Stock Netty 4.2 on epoll forgets it. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void readAskedForInsideChannelReadIsAnswered(DatagramTransport transport, DatagramFamily family) throws Exception {
        ChannelInboundHandlerAdapter oneByOne = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.read();
                inbox.channelRead(ctx, msg);
            }
        };
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox, bootstrap -> bootstrap.handler(oneByOne).option(ChannelOption.AUTO_READ, false));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            receiver.read();
            for (int i = 0; i < 3; i++) {
                sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("n" + i), fixture.to(receiver)))
                        .sync();
                assertEquals("n" + i, inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void readAskedForBeforeAMoveIsAnsweredBehindIt(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver =
                    fixture.bind(inbox, bootstrap -> bootstrap.option(ChannelOption.AUTO_READ, false));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            receiver.read();
            transport.settle();
            receiver.deregister().sync();
            transport.group.register(receiver).sync();
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("moved"), fixture.to(receiver)))
                    .sync();
            assertEquals("moved", inbox.nextText());
        }
    }

    /** An ICMP error for one peer is nobody else's: an unconnected channel goes on for all. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void unreachablePortOfOneRecipientDoesNotTouchTheOthers(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel gone = fixture.bind(new DatagramInbox());
            InetSocketAddress closed = fixture.to(gone);
            gone.close().sync();
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            for (int i = 0; i < COUNT; i++) {
                ChannelFuture lost = sender.write(new DatagramPacket(DatagramFixture.text("lost"), closed));
                ChannelFuture sent =
                        sender.write(new DatagramPacket(DatagramFixture.text("n" + i), fixture.to(receiver)));
                sender.flush();
                lost.await();
                sent.sync();
                assertEquals("n" + i, inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void readingGoesOnWhenThereIsMemoryAgain(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver =
                    fixture.bind(inbox, bootstrap -> bootstrap.option(ChannelOption.ALLOCATOR, new ScarceAllocator(2)));
            fixture.bind(new DatagramInbox())
                    .writeAndFlush(new DatagramPacket(DatagramFixture.text("read"), fixture.to(receiver)))
                    .sync();
            assertInstanceOf(OutOfMemoryError.class, inbox.nextFailure());
            assertInstanceOf(OutOfMemoryError.class, inbox.nextFailure());
            assertEquals("read", inbox.nextText());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void emptyDatagramsAreSentAmongOthers(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.maxDatagramPayloadSize(), 64)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * 8)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            List<ChannelFuture> written = new ArrayList<>();
            for (String text : List.of("a", "", "b", "", "", "c", "end")) {
                written.add(sender.write(new DatagramPacket(DatagramFixture.text(text), fixture.to(receiver))));
            }
            sender.flush();
            for (ChannelFuture future : written) {
                future.sync();
            }
            List<String> came = new ArrayList<>();
            do {
                came.add(inbox.nextText());
            } while (!came.get(came.size() - 1).equals("end"));
            // Stock Netty 4.2 on epoll sends none.
            assertEquals(
                    transport == DatagramTransport.STOCK_EPOLL
                            ? List.of("a", "b", "c", "end")
                            : List.of("a", "", "b", "", "", "c", "end"),
                    came);
        }
    }
}
