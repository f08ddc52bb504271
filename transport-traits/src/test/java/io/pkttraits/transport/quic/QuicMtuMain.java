// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramTap;
import io.pkttraits.transport.datagram.DatagramTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A QUIC server that sends trains over the loopback interface of a network namespace. Says for each run whether what came was
 * right, whether trains were written, how many were refused, and whether the kernel made fragments. Arguments:
 * transport; family, {@code maxSendUdpPayloadSize} and bytes of TLVs of each run.
 */
final class QuicMtuMain {
    private static final int ANSWER = 60_000;

    private QuicMtuMain() {}

    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i++) {
            String[] run = args[i].split("/", -1);
            System.out.println(run(
                    DatagramTransport.valueOf(args[0]),
                    DatagramFamily.valueOf(run[0]),
                    Integer.parseInt(run[1]),
                    TraitSets.largestTlv(Integer.parseInt(run[2]))));
        }
    }

    private static String run(DatagramTransport transport, DatagramFamily family, int payload, Traits traits)
            throws Exception {
        long refused = TraitsCounter.DATAGRAM_REFUSED.get();
        long fragmented = packetsMadeFragmentsOf(family);
        DatagramTap tap = new DatagramTap();
        boolean right = true;
        try (QuicFixture fixture = new QuicFixture(transport, family)) {
            DatagramChannel server = fixture.server(
                    codec -> codec.maxSendUdpPayloadSize(payload)
                            .option(
                                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                                    EpollQuicUtils.newSegmentedAllocator(10))
                            .handler(new QuicInitializer(channel -> QuicFixture.setOutgoing(channel, traits))),
                    tap);
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, Traits.EMPTY);
            String expected = QuicReport.seen(Traits.EMPTY, Traits.EMPTY, Traits.EMPTY) + " [" + traits + "]";
            for (int i = 0; i < 5; i++) {
                Promise<String> answer = connection.eventLoop().newPromise();
                QuicReport.request(connection, ANSWER, answer);
                right &= answer.get(20, TimeUnit.SECONDS).equals(expected);
            }
        }
        return "right=" + right + " trains=" + tap.written.stream().anyMatch(DatagramTap.Seen::segmented)
                + " refused=" + number(TraitsCounter.DATAGRAM_REFUSED.get() - refused)
                + " fragments=" + (packetsMadeFragmentsOf(family) > fragmented);
    }

    /** The codec may have made further trains when the first one fails; an answer is of four and more. */
    private static String number(long trains) {
        return trains == 0 ? "none" : trains < 4 ? "few" : "many";
    }

    private static long packetsMadeFragmentsOf(DatagramFamily family) throws IOException {
        if (family == DatagramFamily.IPV6) {
            return Files.readAllLines(Path.of("/proc/net/snmp6")).stream()
                    .filter(line -> line.startsWith("Ip6FragOKs"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring("Ip6FragOKs".length()).strip()))
                    .sum();
        }
        List<String> lines = Files.readAllLines(Path.of("/proc/net/snmp"));
        List<String> names = List.of(lines.get(0).split(" ", -1));
        return Long.parseLong(lines.get(1).split(" ", -1)[names.indexOf("FragOKs")]);
    }
}
