// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.PeerNetworks;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SockaddrIn;
import io.pkttraits.transport.internal.sys.SockaddrIn6;
import io.pkttraits.transport.internal.sys.SocketOption;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Control messages as kernels and broken or hostile senders make them, byte by byte. */
final class DatagramCarrierTest {
    private static final String FLAG_9 = "9e06545209000000";
    private static final String FLAG_9_IPV6 = "00001e0454520900";

    private final IpOptionDatagramCarrier ipOption =
            new IpOptionDatagramCarrier(PeerNetworks.loopbackAnd("10.0.0.0/8"));
    private final TraitsNumbers.Udp numbers = new TraitsNumbers.Udp(new SocketOption(1, 82), new SocketOption(1, 83));
    private final ScmDatagramCarrier array =
            new ScmDatagramCarrier(numbers, ScmDatagramCarrier.Form.ARRAY, SupportedLengths.ALL);
    private final ScmDatagramCarrier store =
            new ScmDatagramCarrier(numbers, ScmDatagramCarrier.Form.STORE, SupportedLengths.ALL);
    private final MessageBatch batch = new MessageBatch(2, 0, 4096);
    private final CmsgHdr.Encoder out = new CmsgHdr.Encoder().begin(batch.memory(), batch.controlAt(1), 4096);

    private DatagramCarrierTest from(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes.length == 4) {
            SockaddrIn.set(batch.memory(), batch.nameAt(1), bytes, 1234);
        } else {
            SockaddrIn6.set(batch.memory(), batch.nameAt(1), bytes, 0, 1234);
        }
        return this;
    }

    private DatagramCarrierTest cmsg(int level, int type, String hex) {
        out.add(level, type).writeBytes(ByteBufUtil.decodeHexDump(hex));
        out.finish();
        return this;
    }

    private void assertRead(DatagramCarrier carrier, Traits expected, TraitsCounter counter) {
        batch.prepare(1, SockaddrIn6.SIZE, 0, 0, out.length());
        long before = counter.get();
        CmsgHdr.Iterator cmsgs =
                new CmsgHdr.Iterator().begin(batch.memory(), batch.controlAt(1), 4096, batch.controlLength(1));
        assertEquals(expected, carrier.read(batch, 1, cmsgs, "test"));
        assertEquals(before + 1, counter.get());
    }

    @Test
    void ipv4OptionsAreRead() {
        from("127.0.0.1").cmsg(0, 2, "40000000").cmsg(0, 6, "01" + "9e08545204020102");
        assertRead(ipOption, Traits.EMPTY.with(4, new byte[] {1, 2}), TraitsCounter.DATAGRAM_READ);
    }

    @Test
    void destinationOptionsAreRead() {
        from("::1").cmsg(41, 59, "1100010401020304").cmsg(41, 59, FLAG_9_IPV6);
        assertRead(ipOption, Traits.EMPTY.withFlag(9), TraitsCounter.DATAGRAM_READ);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, DATAGRAM_READ",
        "::ffff:10.1.2.3, DATAGRAM_READ",
        "127.9.9.9, DATAGRAM_READ",
        "11.1.2.3, UNTRUSTED",
        "::ffff:11.1.2.3, UNTRUSTED",
        "fd00::1, UNTRUSTED",
    })
    void onlyTrustedSendersAreHeard(String sender, TraitsCounter counter) {
        Traits expected = counter == TraitsCounter.UNTRUSTED ? Traits.EMPTY : Traits.EMPTY.withFlag(9);
        from(sender).cmsg(0, 6, FLAG_9);
        assertRead(ipOption, expected, counter);
    }

    @Test
    void unknownSenderIsNotTrusted() {
        batch.memory().host().putShort(batch.nameAt(1), (short) 0);
        cmsg(0, 6, FLAG_9);
        assertRead(ipOption, Traits.EMPTY, TraitsCounter.UNTRUSTED);
    }

    @Test
    void sourceRouteIsNotTrusted() {
        from("::1").cmsg(41, 59, FLAG_9_IPV6).cmsg(41, 57, "1100000000000000");
        assertRead(ipOption, Traits.EMPTY, TraitsCounter.UNTRUSTED);
    }

    @ParameterizedTest
    @CsvSource({
        "6, 0, 9e0754520402ab00, MALFORMED",
        "6, 0, 9e40545209000000, MALFORMED",
        "6, 0, 9e055452099e0554, MALFORMED",
        "6, 0, 9e05abcd09000000, FOREIGN",
        "6, 0, 8307040a000001019e05545209000000, UNTRUSTED",
        "59, 41, 00011e0354520900, MALFORMED",
        "59, 41, 00001e0954520900, MALFORMED",
        "59, 41, 0000, MALFORMED",
        "59, 41, 00001e04abcd0900, FOREIGN",
    })
    void optionsThatAreNotOursOrBrokenGiveNothing(int type, int level, String hex, TraitsCounter counter) {
        from("127.0.0.1").cmsg(level, type, hex);
        assertRead(ipOption, Traits.EMPTY, counter);
    }

    @Test
    void traitsTwiceAreMalformed() {
        from("127.0.0.1").cmsg(0, 6, FLAG_9).cmsg(41, 59, FLAG_9_IPV6);
        assertRead(ipOption, Traits.EMPTY, TraitsCounter.MALFORMED);
    }

    @Test
    void arrayOfPktTraitIsRead() {
        cmsg(1, 83, "0004020000000000" + "0102" + "00".repeat(14) + "0009ff0000000000" + "00".repeat(16));
        assertRead(array, Traits.EMPTY.with(4, new byte[] {1, 2}).withFlag(9), TraitsCounter.DATAGRAM_READ);
    }

    @Test
    void storeIsRead() {
        cmsg(1, 83, "2000000000000000" + "1000000000000000" + "0102" + "05060708");
        assertRead(
                store,
                Traits.EMPTY.with(4, new byte[] {1, 2}).with(5, new byte[] {5, 6, 7, 8}),
                TraitsCounter.DATAGRAM_READ);
    }

    @Test
    void payloadOfTheOtherFormIsMalformed() {
        cmsg(1, 83, "2000000000000000" + "1000000000000000" + "0102" + "05060708");
        assertRead(array, Traits.EMPTY, TraitsCounter.MALFORMED);
    }

    @Test
    void largestSetsFitTheControlBuffersThatAreComputedForThem() throws Exception {
        Traits ipv4 = TraitSets.largestTlv(Ipv4TraitOption.MAX_TLV_LENGTH);
        Traits ipv6 = TraitSets.largestTlv(Ipv6TraitOption.MAX_TLV_LENGTH);
        ipOption.requireSendable(ipv4, true);
        ipOption.requireSendable(ipv6, false);
        assertThrows(TraitsException.class, () -> ipOption.requireSendable(ipv6, true));
        CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder();
        ipOption.write(ipv4, true, cmsgs.begin(batch.memory(), batch.controlAt(0), ipOption.sendControlLength()));
        ipOption.write(ipv6, false, cmsgs.begin(batch.memory(), batch.controlAt(0), ipOption.sendControlLength()));
        Traits all = Traits.EMPTY;
        for (int key = 0; key < 64; key++) {
            all = all.withFlag(key);
        }
        array.requireSendable(all, true);
        array.write(all, true, cmsgs.begin(batch.memory(), batch.controlAt(0), array.sendControlLength()));
        assertEquals(array.sendControlLength(), cmsgs.length());
    }

    @Property
    void anyBytesAreAnAnswer(@ForAll @Size(max = 120) byte[] bytes, @ForAll boolean ipv4, @ForAll boolean framed) {
        out.begin(batch.memory(), batch.controlAt(1), 4096);
        from(ipv4 ? "127.0.0.1" : "::1");
        int length = bytes.length;
        if (framed) {
            cmsg(ipv4 ? 0 : 41, ipv4 ? 6 : 59, ByteBufUtil.hexDump(bytes));
            cmsg(1, 83, ByteBufUtil.hexDump(bytes));
            length = out.length();
        } else {
            batch.bytes().setBytes(batch.controlAt(1), bytes);
        }
        batch.prepare(1, SockaddrIn6.SIZE, 0, 0, length);
        for (DatagramCarrier carrier : new DatagramCarrier[] {ipOption, array, store}) {
            CmsgHdr.Iterator cmsgs = new CmsgHdr.Iterator().begin(batch.memory(), batch.controlAt(1), 4096, length);
            assertTrue(carrier.read(batch, 1, cmsgs, "test").size() <= 64);
        }
    }

    @Test
    @Tag("netty-4.2")
    void mainlineKernelIsNotTakenForOneWithTheRfc() {
        PacketTraits.ensureAvailability();
        DatagramProbe.Result result = DatagramProbe.kernel(TraitsNumbers.Udp.kernel());
        assertTrue(result.reason().contains("errno 22"), result::reason);
        assertEquals(CarrierType.IP_OPTION, DatagramTraits.carrier());
        DatagramTraits.ensureAvailability();
    }
}
