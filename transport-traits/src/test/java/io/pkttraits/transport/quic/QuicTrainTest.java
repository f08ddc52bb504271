// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import io.pkttraits.transport.ChildJvm;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramTap;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import io.pkttraits.transport.internal.carrier.Ipv4TraitOption;
import io.pkttraits.transport.internal.carrier.Ipv6TraitOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** GSO: a train is of one connection, and so are its traits. */
@Tag("netty-4.2")
final class QuicTrainTest {
    private static final int ANSWER = 60_000;

    @OnOurTransports
    void trainsHaveTheTraitsOfTheirConnection(DatagramTransport transport) throws Exception {
        DatagramTap tap = new DatagramTap();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(
                    codec -> codec.option(
                            QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                            EpollQuicUtils.newSegmentedAllocator(10)),
                    tap);
            List<QuicChannel> connections = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                connections.add(QuicFixture.connect(fixture.clientSocket(), server, Traits.EMPTY.withInt(4, i)));
            }
            QuicChannel without = fixture.nextAccepted();
            QuicTraits.setOutgoing(without, Traits.EMPTY);
            QuicReport.request(connections.get(0));
            tap.written.clear();
            List<Promise<String>> answers = new ArrayList<>();
            for (int n = 0; n < 20; n++) {
                for (QuicChannel connection : connections) {
                    Promise<String> answer = connection.eventLoop().newPromise();
                    QuicReport.request(connection, ANSWER, answer);
                    answers.add(answer);
                }
            }
            for (int n = 0; n < answers.size(); n++) {
                Traits opening = Traits.EMPTY.withInt(4, n % 3);
                Traits outgoing = n % 3 == 0 ? Traits.EMPTY : QuicFixture.answering(opening);
                assertEquals(
                        QuicReport.seen(opening, opening, opening) + " [" + outgoing + "]",
                        answers.get(n).sync().getNow());
            }
            for (int i = 0; i < 3; i++) {
                Traits outgoing = i == 0 ? Traits.EMPTY : QuicFixture.answering(Traits.EMPTY.withInt(4, i));
                List<DatagramTap.Seen> written = writtenTo(tap, connections.get(i));
                assertTrue(written.stream().allMatch(seen -> seen.traits().equals(outgoing)));
                assertTrue(written.stream().anyMatch(DatagramTap.Seen::segmented));
            }
        }
    }

    /**
     * On an MTU of 1500. Of the first train that fails all is lost; from there on single datagrams are written, which the kernel
     * fragments. The largest IPv6 option leaves less than QUIC's least 1200 bytes.
     */
    @OnOurTransports
    void connectionWhoseTrainIsBeyondTheMtuGoesOnWithoutTrains(DatagramTransport transport) {
        int room = 1500 - 20 - 40 - 8;
        String said = new ChildJvm()
                .under("unshare", "-n", "sh", "-c", "ip link set lo mtu 1500 up && exec \"$@\"", "sh")
                .run(
                        QuicMtuMain.class,
                        transport.name(),
                        "IPV4/" + room + "/" + Ipv4TraitOption.MAX_TLV_LENGTH,
                        "IPV4/" + (room + 1) + "/" + Ipv4TraitOption.MAX_TLV_LENGTH,
                        "IPV6/1200/100",
                        "IPV6/1200/" + Ipv6TraitOption.MAX_TLV_LENGTH);
        assertFalse(said.contains("LEAK"), said);
        String fits = "right=true trains=true refused=none fragments=false";
        String beyond = "right=true trains=true refused=few fragments=true";
        assertEquals(
                List.of(fits, beyond, fits, beyond),
                said.lines().filter(line -> line.startsWith("right=")).toList());
    }

    private static List<DatagramTap.Seen> writtenTo(DatagramTap tap, QuicChannel connection) {
        return tap.written.stream()
                .filter(seen -> seen.peer().equals(connection.parent().localAddress()))
                .toList();
    }
}
