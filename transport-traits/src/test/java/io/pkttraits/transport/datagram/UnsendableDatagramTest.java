// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import io.pkttraits.transport.ChildJvm;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.carrier.Ipv6TraitOption;
import io.pkttraits.transport.internal.sys.Errno;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of datagrams whose traits cannot be sent. */
@Tag("netty-4.2")
final class UnsendableDatagramTest {
    private static final Traits TOO_LARGE = TraitSets.largestTlv(Ipv6TraitOption.MAX_TLV_LENGTH + 18);

    private final DatagramInbox inbox = new DatagramInbox();

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    @Tag("test-kernel")
    void traitsThatDoNotFitAreTakenOffWherePolicySaysSo(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(
                    inbox,
                    bootstrap ->
                            bootstrap.option(TraitsDatagramChannelOption.UNSENDABLE_POLICY, UnsendablePolicy.DROP));
            InetSocketAddress to = fixture.to(channel);
            Traits good = Traits.EMPTY.withInt(9, 9);
            long before = TraitsCounter.DATAGRAM_DROPPED.get();
            channel.write(new TraitsDatagramPacket(DatagramFixture.text("one"), to, TOO_LARGE));
            channel.write(new TraitsDatagramPacket(DatagramFixture.text("two"), to, good));
            channel.writeAndFlush(new TraitsSegmentedDatagramPacket(DatagramFixture.text("aaaabb"), 4, to, TOO_LARGE))
                    .sync();
            assertNext("one", Traits.EMPTY);
            assertNext("two", good);
            assertNext("aaaa", Traits.EMPTY);
            assertNext("bb", Traits.EMPTY);
            assertEquals(before + 2, TraitsCounter.DATAGRAM_DROPPED.get());
            assertEquals(
                    UnsendablePolicy.DROP, channel.config().getOption(TraitsDatagramChannelOption.UNSENDABLE_POLICY));
        }
    }

    /** 65,507 bytes are the most over IPv4, and leave no room for options. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void traitsThatTheKernelRefusesAreTakenOffWherePolicySaysSo(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        int largest = family == DatagramFamily.IPV6 ? 65_527 : 65_507;
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(TraitsDatagramChannelOption.UNSENDABLE_POLICY, UnsendablePolicy.DROP)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65_536)));
            InetSocketAddress to = fixture.to(channel);
            Traits traits = Traits.EMPTY.withFlag(9);
            long dropped = TraitsCounter.DATAGRAM_DROPPED.get();
            long sent = TraitsCounter.DATAGRAM_SENT.get();
            channel.write(new TraitsDatagramPacket(DatagramFixture.text("before"), to, traits));
            channel.write(new TraitsDatagramPacket(DatagramFixture.text("x".repeat(largest)), to, traits));
            channel.write(new DatagramPacket(DatagramFixture.text("plain"), to));
            channel.writeAndFlush(new TraitsDatagramPacket(DatagramFixture.text("after"), to, traits))
                    .sync();
            assertNext("before", traits);
            if (transport == DatagramTransport.EPOLL) {
                assertNext("x".repeat(largest), Traits.EMPTY);
            }
            assertNext("plain", Traits.EMPTY);
            assertNext("after", traits);
            if (transport == DatagramTransport.IO_URING) {
                // The others had been submitted with it.
                assertNext("x".repeat(largest), Traits.EMPTY);
            }
            assertEquals(dropped + 1, TraitsCounter.DATAGRAM_DROPPED.get());
            assertEquals(sent + 2, TraitsCounter.DATAGRAM_SENT.get());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void withoutCapNetRawOnlyWhatHasTraitsFailsOrGoesWithout(DatagramTransport transport, DatagramFamily family) {
        int errno = family == DatagramFamily.IPV6 ? Errno.EPERM : Errno.EINVAL;
        String output =
                new ChildJvm().withoutNetRaw().run(NoNetRawDatagramsMain.class, transport.name(), family.name());
        assertEquals(
                List.of(
                        "available=false",
                        "FAIL failed=50 refused=50 dropped=0 sent=0",
                        "TraitsException: cannot send a datagram with 1 trait, errno " + errno
                                + ": sending IP options requires CAP_NET_RAW (carrier ip-option)",
                        "FAIL arrived=50 in order, without traits",
                        "DROP failed=0 refused=0 dropped=50 sent=0",
                        "DROP arrived=100 "
                                + (transport == DatagramTransport.EPOLL ? "in order" : "out of order")
                                + ", without traits"),
                output.lines()
                        .filter(line -> line.matches("(available|FAIL|DROP|TraitsException).*"))
                        .toList(),
                output);
    }

    private void assertNext(String text, Traits traits) throws Exception {
        TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
        assertEquals(text, packet.content().toString(StandardCharsets.US_ASCII));
        assertEquals(traits, packet.traits());
        packet.release();
    }
}
