// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.PeerNetworks;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SavedSynTest {
    private static final String TCP = "c0010050000000010000000050020200beef0000";
    private static final String IPV4 = "000030000140004006abcd" + "c0000202" + "c0000201";
    private static final String IPV6_ADDRESSES =
            "20010db8000000000000000000000007" + "20010db8000000000000000000000008";
    private static final String DEST = "1e0454520900";

    private static final String[] GOOD_PACKETS = {
        "47" + IPV4 + "9e06545209000000" + TCP,
        "4f" + IPV4 + "9e245452" + "0310" + "00".repeat(16) + "0404aabbccdd" + "01".repeat(12) + TCP,
        "60000000" + "0024" + "00" + "40" + IPV6_ADDRESSES + "3c00010400000000" + "0600" + DEST + TCP,
        "60000000" + "002c" + "3c" + "40" + IPV6_ADDRESSES + "06011e085452040411223344" + "01020000" + TCP
    };

    @Test
    void firstByteZeroMeansThatNothingWasSaved() {
        assertEquals(OptionSearchResult.NO_PACKET, SavedSyn.find(Unpooled.wrappedBuffer(new byte[64])));
    }

    @ParameterizedTest
    @CsvSource({
        // ihl 5 (no options), 7 (ours), 4 (too short), f (beyond the end)
        "45, '', ABSENT",
        "47, 9e06545209000000, FOUND",
        "44, '', MALFORMED",
        "4f, '', MALFORMED",
    })
    void ipv4OptionsEndWithTheHeader(String versionAndIhl, String options, OptionSearchResult expected) {
        assertEquals(expected, SavedSyn.find(bytes(versionAndIhl + IPV4 + options + TCP)));
    }

    @ParameterizedTest
    @CsvSource({
        // first nexthdr, extension headers, what follows
        "06, '', ABSENT",
        "3c, 0600" + DEST + ", FOUND",
        // hop-by-hop before it, and another destination header
        "00, 3c00010400000000 0600" + DEST + ", FOUND",
        "3c, 3c00010400000000 0600" + DEST + ", FOUND",
        "3c, 3c001e02abcd0100 0600" + DEST + ", FOUND",
        "3c, 3c00" + DEST + " 0600" + DEST + ", MALFORMED",
        "3c, 0600" + "1e0554520900" + ", MALFORMED",
        "3c, 06ff" + DEST + ", MALFORMED",
        "3c, 06001e02abcd0100, FOREIGN",
        "2b, 3c00040000000000 0600" + DEST + ", SOURCE_ROUTED",
        // ours behind a header that TCP cannot follow
        "3b, 0600" + DEST + ", ABSENT",
    })
    void ipv6ExtensionHeadersAreWalked(String nexthdr, String headers, OptionSearchResult expected) {
        String extension = headers.replace(" ", "");
        String payloadLen = String.format("%04x", (extension.length() + TCP.length()) / 2);
        ByteBuf packet = bytes("60000000" + payloadLen + nexthdr + "40" + IPV6_ADDRESSES + extension + TCP);
        assertEquals(expected, SavedSyn.find(packet));
        if (expected == OptionSearchResult.FOUND) {
            assertEquals(Traits.EMPTY.withFlag(9), TraitTlvCodec.decode(packet));
        }
    }

    @Test
    void ipv6WalkStopsAtThePayloadLength() {
        ByteBuf packet = bytes("60000000" + "0007" + "3c" + "40" + IPV6_ADDRESSES + "0600" + DEST + TCP);
        assertEquals(OptionSearchResult.MALFORMED, SavedSyn.find(packet));
    }

    @Test
    void senderIsTheSourceAddress() {
        ByteBuf ipv4 = bytes("45" + IPV4 + TCP);
        assertTrue(SavedSyn.isFrom(PeerNetworks.loopbackAnd("192.0.2.2"), ipv4));
        assertFalse(SavedSyn.isFrom(PeerNetworks.loopbackAnd("192.0.2.1"), ipv4));
        ByteBuf ipv6 = bytes("60000000" + "0014" + "06" + "40" + IPV6_ADDRESSES + TCP);
        assertTrue(SavedSyn.isFrom(PeerNetworks.loopbackAnd("2001:db8::7"), ipv6));
        assertFalse(SavedSyn.isFrom(PeerNetworks.loopbackAnd("2001:db8::8"), ipv6));
    }

    /** Random bytes would be refused at the first one: these are good packets with a few bytes changed. */
    @Property
    void anyBytesAreFoundOrRefusedWithoutReadingBeyondThem(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] packet = mutated(random);
            ByteBuf buf = Unpooled.wrappedBuffer(packet);
            if (SavedSyn.find(buf) == OptionSearchResult.FOUND) {
                assertTrue(buf.readerIndex() <= buf.writerIndex() && buf.writerIndex() <= packet.length);
                assertDecodesOrIsRefused(buf);
            }
        }
    }

    private static void assertDecodesOrIsRefused(ByteBuf tlvs) {
        try {
            TraitTlvCodec.decode(tlvs);
        } catch (MalformedTraitsException e) {
            assertTrue(e.offset() >= 0);
        }
    }

    private static byte[] mutated(Random random) {
        byte[] packet = ByteBufUtil.decodeHexDump(GOOD_PACKETS[random.nextInt(GOOD_PACKETS.length)]);
        for (int edits = random.nextInt(8); edits > 0; edits--) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(packet, 1 + random.nextInt(packet.length)) : packet;
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }
}
