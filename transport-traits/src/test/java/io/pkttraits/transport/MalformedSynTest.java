// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.IpOptionSynCarrier;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Options that a sender got wrong, on real SYNs: the connection is served, without traits, and one counter counts.
 *
 * <p>What breaks the list of options itself (a length of 0, one beyond the header) never leaves a kernel nor passes
 * one: {@code Ipv4TraitOptionTest} and {@code SavedSynTest} have those.
 */
final class MalformedSynTest {
    private final IpOptionSynCarrier carrier = new IpOptionSynCarrier(PeerNetworks.loopbackAnd(""));

    static Stream<Arguments> malformed() {
        return Stream.of(
                        new String[] {"truncated head", "04"},
                        new String[] {"truncated value", "04080102"},
                        new String[] {"length 1", "040101"},
                        new String[] {"length 17", "0411" + "ab".repeat(17)},
                        new String[] {"key 64", "40020102"},
                        new String[] {"key 255", "ff08" + "0102030405060708"},
                        new String[] {"duplicate key", "0402010204020102"},
                        new String[] {"descending keys", "0902010204020102"},
                        new String[] {"good one before a bad one", "0402010205030102"})
                .flatMap(named -> TestTransport.all().stream()
                        .flatMap(transport -> Family.all().stream()
                                .map(family -> Arguments.of(named[0], named[1], transport, family))));
    }

    @ParameterizedTest(name = "{0} {2} {3}")
    @MethodSource("malformed")
    void malformedTlvsAreCountedAndNothingOfThemIsSeen(String name, String tlvs, TestTransport transport, Family family)
            throws Exception {
        assertServed(transport, family, option(family, "5452" + tlvs), Traits.EMPTY, TraitsCounter.MALFORMED);
    }

    static Stream<Arguments> everywhere() {
        return TestTransport.all().stream()
                .flatMap(transport -> Family.all().stream().map(family -> Arguments.of(transport, family)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void optionOfAnotherExperimentIsForeign(TestTransport transport, Family family) throws Exception {
        assertServed(transport, family, option(family, "abcd04020102"), Traits.EMPTY, TraitsCounter.FOREIGN);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void repeatedOptionIsMalformed(TestTransport transport, Family family) throws Exception {
        String tlvs = "545204020102";
        String twice =
                family.isIpv4OnTheWire() ? "9e08" + tlvs + "9e08" + tlvs : "0002" + "1e06" + tlvs + "1e06" + tlvs;
        assertServed(transport, family, pad(family, twice), Traits.EMPTY, TraitsCounter.MALFORMED);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void wellFormedOptionIsRead(TestTransport transport, Family family) throws Exception {
        Traits expected = Traits.EMPTY.with(4, new byte[] {1, 2});
        assertServed(transport, family, option(family, "545204020102"), expected, TraitsCounter.SYN_READ);
    }

    /** Our option with those bytes behind type and length, framed as the kernel wants it. */
    private static String option(Family family, String value) {
        int length = value.length() / 2;
        if (family.isIpv4OnTheWire()) {
            return pad(family, "9e" + String.format("%02x", length + 2) + value);
        }
        int header = (4 + length + 7) / 8 - 1;
        return pad(family, "00" + String.format("%02x", header) + "1e" + String.format("%02x", length) + value);
    }

    /** To 4 bytes by END, to 8 by Pad1s, of which the kernel takes up to seven. */
    private static String pad(Family family, String hex) {
        int align = family.isIpv4OnTheWire() ? 4 : 8;
        return hex + "00".repeat(-(hex.length() / 2) & (align - 1));
    }

    private void assertServed(
            TestTransport transport, Family family, String hex, Traits expected, TraitsCounter counter)
            throws Exception {
        SocketOption save = carrier.saveOption();
        SocketOption raw = family.isIpv4OnTheWire() ? IpOptionSynCarrier.IP_OPTIONS : IpOptionSynCarrier.IPV6_DSTOPTS;
        try (TestServer server = new TestServer(transport, family, bootstrap -> bootstrap.handler(new SaveSyn(save)))) {
            server.connect(new RawIpOptions(raw, ByteBufUtil.decodeHexDump(hex)));
            Channel accepted = server.nextAccepted();
            long before = counter.get();
            assertEquals(expected, carrier.readSyn(TraitsSocket.of(accepted), accepted));
            assertEquals(before + 1, counter.get());
        }
    }
}
