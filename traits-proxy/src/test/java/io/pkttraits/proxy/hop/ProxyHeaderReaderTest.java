// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.pkttraits.Traits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;

/** Whatever the first bytes are, the rest goes on untouched or the connection is closed. */
class ProxyHeaderReaderTest {
    private static final String REST = "GET / HTTP/1.1\r\n";
    private static final Traits TRAITS = Traits.builder()
            .put(4, new byte[] {0, 0, 0, 0})
            .putFlag(9)
            .put(10, new byte[] {0, 1, '\n', '\r', 0, -1, -128, 0})
            .build();
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 0x1092);
    private static final InetSocketAddress DESTINATION = new InetSocketAddress("198.51.100.2", 443);

    private final TestHops hops = new TestHops();

    @Test
    void headerNamesClientAndTraits() {
        Result result = read(HeaderBytes.ipv4().traits(TRAITS).bytes());
        assertEquals(new ClientOrigin(SOURCE, DESTINATION, TRAITS), result.origin);
        assertEquals(REST, result.rest);
    }

    @Test
    void ipv6HeaderNamesClientToo() throws Exception {
        String addresses = "20010db8000000000000000000000001 20010db8000000000000000000000002 1092 01bb";
        Result result =
                read(HeaderBytes.of(0x21, 0x21, addresses).traits(TRAITS).bytes());
        assertEquals(
                new ClientOrigin(
                        new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 0x1092),
                        new InetSocketAddress(InetAddress.getByName("2001:db8::2"), 443),
                        TRAITS),
                result.origin);
    }

    @Test
    void mappedAddressIsTheIpv4OneThatItIs() {
        String addresses = "00000000000000000000ffffc0000201 00000000000000000000ffffc6336402 1092 01bb";
        Result result = read(HeaderBytes.of(0x21, 0x21, addresses).bytes());
        assertEquals(new ClientOrigin(SOURCE, DESTINATION, Traits.EMPTY), result.origin);
    }

    @Test
    void unixSocketKeepsTheConnectionsAddressesAndHasTraits() {
        byte[] header = HeaderBytes.of(0x21, 0x31, "2f61" + "00".repeat(214))
                .traits(TRAITS)
                .bytes();
        Result result = read(header);
        assertEquals(TRAITS, result.origin.traits());
        assertFalse(result.origin.source() instanceof InetSocketAddress);
        assertEquals(REST, result.rest);
    }

    @Test
    void localAndUnspecifiedConnectionsAreThePeersOwn() {
        for (HeaderBytes header : List.of(
                HeaderBytes.of(0x20, 0x00, ""),
                HeaderBytes.of(0x20, 0x11, HeaderBytes.IPV4).traits(TRAITS),
                HeaderBytes.of(0x20, 0x7f, "0102030405"),
                HeaderBytes.of(0x21, 0x00, ""),
                HeaderBytes.of(0x21, 0x00, "0102030405").traits(TRAITS))) {
            Result result = read(header.bytes());
            assertNull(result.origin);
            assertEquals(REST, result.rest);
        }
    }

    @Test
    void otherTlvsAreSkipped() {
        byte[] header = HeaderBytes.ipv4()
                .tlv(0x01, "h2".getBytes(StandardCharsets.US_ASCII))
                .tlv(0x04, new byte[5])
                .tlv(0x05, TRAITS.getBytes(10))
                .traits(TRAITS)
                .tlv(0xe3, TRAITS.getBytes(10))
                .withChecksum(0);
        assertEquals(TRAITS, read(header).origin.traits());
    }

    @Test
    void typeOfTheTlvIsConfigured() {
        hops.tlvType = 5;
        byte[] header =
                HeaderBytes.ipv4().traits(TRAITS).tlv(5, (byte) 7, (byte) 0).bytes();
        assertEquals("{7}", read(header).origin.traits().toString());
    }

    @Test
    void tlvWithinTheTlvOfTlsIsNotTheConnections() {
        byte[] header = HeaderBytes.ipv4()
                .append("20 000b 00 00000000 e20003 090000")
                .traits(TRAITS.only(1L << 4))
                .bytes();
        assertEquals("{4=0x00000000}", read(header).origin.traits().toString());
    }

    @Test
    void malformedTraitsAreLeftOutAndCounted() {
        long before = HopCounter.PROXY_TRAITS_MALFORMED.get();
        List<HeaderBytes> headers = List.of(
                HeaderBytes.ipv4().tlv(0xe2, (byte) 64, (byte) 0),
                HeaderBytes.ipv4().tlv(0xe2, (byte) 4, (byte) 3, (byte) 1, (byte) 2, (byte) 3),
                HeaderBytes.ipv4().tlv(0xe2, (byte) 4),
                HeaderBytes.ipv4().traits(TRAITS).traits(TRAITS));
        for (HeaderBytes header : headers) {
            Result result = read(header.bytes());
            assertEquals(new ClientOrigin(SOURCE, DESTINATION, Traits.EMPTY), result.origin);
            assertEquals(REST, result.rest);
        }
        // Each is read in two ways.
        assertEquals(before + 2L * headers.size(), HopCounter.PROXY_TRAITS_MALFORMED.get());
    }

    private static Map<String, byte[]> refused() {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("wrong checksum", HeaderBytes.ipv4().traits(TRAITS).withChecksum(1));
        headers.put(
                "checksum of 3 bytes", HeaderBytes.ipv4().tlv(3, new byte[3]).bytes());
        headers.put(
                "checksum cut off", HeaderBytes.ipv4().append("03 0004 0000").bytes());
        headers.put("two checksums", HeaderBytes.ipv4().tlv(3, new byte[4]).withChecksum(0));
        headers.put(
                "version 1 in binary",
                HeaderBytes.of(0x11, 0x11, HeaderBytes.IPV4).bytes());
        headers.put("version 0x01", HeaderBytes.of(0x01, 0x11, HeaderBytes.IPV4).bytes());
        headers.put("version 3", HeaderBytes.of(0x31, 0x11, HeaderBytes.IPV4).bytes());
        headers.put(
                "unknown command", HeaderBytes.of(0x22, 0x11, HeaderBytes.IPV4).bytes());
        headers.put(
                "unknown family", HeaderBytes.of(0x21, 0x41, HeaderBytes.IPV4).bytes());
        headers.put(
                "unknown transport",
                HeaderBytes.of(0x21, 0x13, HeaderBytes.IPV4).bytes());
        headers.put(
                "addresses cut off",
                HeaderBytes.of(0x21, 0x11, "c0000201 c6336402 1092").bytes());
        headers.put("IPv6 cut off", HeaderBytes.of(0x21, 0x21, HeaderBytes.IPV4).bytes());
        headers.put("unix cut off", HeaderBytes.of(0x21, 0x31, "00".repeat(215)).bytes());
        headers.put(
                "TLV beyond the end", HeaderBytes.ipv4().append("e2 0010 0402").bytes());
        headers.put("TLV header cut off", HeaderBytes.ipv4().append("e200").bytes());
        headers.put(
                "a byte left over",
                HeaderBytes.ipv4().traits(TRAITS).append("00").bytes());
        headers.put(
                "TLV of TLS too short",
                HeaderBytes.ipv4().append("20 0002 0000").bytes());
        headers.put(
                "TLV within TLS beyond the end",
                HeaderBytes.ipv4().append("20 000b 00 00000000 e20009 090000").bytes());
        headers.put("version 1", "PROXY TCP4 192.0.2.1 198.51.100.2 4242 443\r\n".getBytes(StandardCharsets.US_ASCII));
        headers.put(
                "too long",
                HeaderBytes.ipv4()
                        .tlv(0xe3, new byte[ProxyHeaderReader.MAX_LENGTH])
                        .bytes());
        headers.put("no header", "GET /a HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        headers.put("almost a header", HexFormat.of().parseHex("0d0a0d0a000d0a515549540b"));
        return headers;
    }

    @Test
    void wrongHeaderClosesTheConnectionAndNothingGoesOn() {
        refused().forEach((what, header) -> {
            for (int chunk : new int[] {1, 7, 1 << 16}) {
                long before = HopCounter.PROXY_HEADER_REFUSED.get();
                Result result = read(header, chunk);
                assertFalse(result.open, what);
                assertEquals("", result.rest, what);
                assertNull(result.origin, what);
                assertEquals(before + 1, HopCounter.PROXY_HEADER_REFUSED.get(), what);
            }
        });
    }

    @Test
    void lengthAloneRefusesWhatIsTooLong() {
        byte[] header = HeaderBytes.ipv4().lie(ProxyHeaderReader.MAX_LENGTH).bytes();
        assertFalse(read(Arrays.copyOf(header, 16), 16).open);
    }

    @Test
    void headerThatDoesNotEndIsWaitedForAndGoesNowhere() {
        byte[] header = HeaderBytes.ipv4().traits(TRAITS).bytes();
        for (int length = 0; length < header.length; length++) {
            EmbeddedChannel channel = new EmbeddedChannel(new ProxyHeaderReader(hops.config()));
            if (length > 0) {
                channel.writeInbound(Unpooled.copiedBuffer(header, 0, length));
            }
            assertTrue(channel.isOpen());
            assertFalse(channel.finish());
        }
    }

    @Test
    void optionalHeaderMayBeMissingButNotWrong() {
        hops.proxyRequired = false;
        assertEquals(
                "GET /a HTTP/1.1\r\n" + REST, read("GET /a HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)).rest);
        assertEquals("\r\n\r\n" + REST, read("\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).rest);
        assertEquals(
                TRAITS, read(HeaderBytes.ipv4().traits(TRAITS).bytes()).origin.traits());
        assertFalse(read(HeaderBytes.ipv4().traits(TRAITS).withChecksum(1)).open);
    }

    @Test
    void secondHeaderIsContent() {
        byte[] header = HeaderBytes.ipv4().bytes();
        EmbeddedChannel channel = new EmbeddedChannel(new ProxyHeaderReader(hops.config()));
        channel.writeInbound(Unpooled.wrappedBuffer(header, header));
        ByteBuf rest = channel.readInbound();
        assertEquals(Unpooled.wrappedBuffer(header), rest);
        rest.release();
        channel.finishAndReleaseAll();
    }

    @Property
    void headerThatIsSentIsRead(
            @ForAll Traits traits,
            @ForAll("addresses") InetAddress source,
            @ForAll("addresses") InetAddress destination)
            throws Exception {
        ProxyHeader header = new ProxyHeader(
                new InetSocketAddress(source, 1), new InetSocketAddress(destination, 65535), traits, 0xe2);
        EmbeddedChannel encoder = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        HAProxyMessage message = header.toMessage();
        encoder.writeOutbound(message);
        assertEquals(0, message.refCnt());
        message.tlvs().forEach(tlv -> assertEquals(0, tlv.refCnt()));
        ByteBuf bytes = encoder.readOutbound();
        Result result = read(ByteBufUtil.getBytes(bytes));
        bytes.release();
        encoder.finishAndReleaseAll();
        assertEquals(new ClientOrigin(header.source(), header.destination(), traits), result.origin);
        assertEquals(REST, result.rest);
    }

    @Provide
    Arbitrary<InetAddress> addresses() {
        return Arbitraries.of(4, 16)
                .flatMap(length -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofSize(length)
                        .map(bytes -> {
                            try {
                                return InetAddress.getByAddress(bytes);
                            } catch (UnknownHostException e) {
                                throw new AssertionError(e);
                            }
                        }));
    }

    @Property(tries = 3000)
    void mutatedHeaderIsReadOrRefused(
            @ForAll("headers") byte[] header,
            @ForAll("mutations") List<Tuple2<Integer, Byte>> mutations,
            @ForAll("chunks") int chunk,
            @ForAll boolean required) {
        byte[] bytes = header.clone();
        for (Tuple2<Integer, Byte> mutation : mutations) {
            bytes[mutation.get1() % bytes.length] = mutation.get2();
        }
        hops.proxyRequired = required;
        Result result = read(bytes, chunk);
        if (!result.open) {
            assertEquals("", result.rest);
            assertNull(result.origin);
        } else if (!result.rest.isEmpty()) {
            String all = new String(bytes, StandardCharsets.ISO_8859_1) + REST;
            assertTrue(all.endsWith(result.rest));
        }
    }

    @Property(tries = 2000)
    void anyTlvsAreReadOrRefused(@ForAll byte[] tlvs, @ForAll("chunks") int chunk) {
        HeaderBytes header = HeaderBytes.ipv4().append(HexFormat.of().formatHex(tlvs));
        Result result = read(header.bytes(), chunk);
        assertEquals(result.open ? REST : "", result.rest);
    }

    @Provide
    Arbitrary<byte[]> headers() {
        return Arbitraries.of(
                HeaderBytes.ipv4().traits(TRAITS).bytes(),
                HeaderBytes.ipv4().traits(TRAITS).withChecksum(0),
                HeaderBytes.ipv4()
                        .append("20 000b 00 00000000 e20003 090000")
                        .traits(TRAITS)
                        .bytes(),
                HeaderBytes.of(0x21, 0x31, "00".repeat(216)).traits(TRAITS).bytes(),
                HeaderBytes.of(0x20, 0, "").bytes());
    }

    @Provide
    Arbitrary<List<Tuple2<Integer, Byte>>> mutations() {
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(12, 64),
                                Arbitraries.integers().between(0, 300)),
                        Arbitraries.oneOf(
                                Arbitraries.of(0, 1, 2, 3, 4, 5, 12, 16, 0x20, 0x21, 0x11, 0xe2, 0xff)
                                        .map(Integer::byteValue),
                                Arbitraries.bytes()))
                .as(Tuple::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Integer> chunks() {
        return Arbitraries.of(1, 3, 16, 1 << 16);
    }

    private Result read(byte[] header) {
        Result whole = read(header, 1 << 16);
        assertEquals(whole, read(header, 1), "byte by byte");
        return whole;
    }

    /** Reads the header, and {@link #REST} behind it, in pieces of {@code chunk} bytes. */
    private Result read(byte[] header, int chunk) {
        UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
        EmbeddedChannel channel = new EmbeddedChannel(new ProxyHeaderReader(hops.config()));
        channel.config().setAllocator(memory);
        ByteBuf bytes = Unpooled.wrappedBuffer(header, REST.getBytes(StandardCharsets.US_ASCII));
        while (bytes.isReadable() && channel.isOpen()) {
            channel.writeInbound(memory.heapBuffer().writeBytes(bytes, Math.min(chunk, bytes.readableBytes())));
        }
        channel.checkException();
        StringBuilder rest = new StringBuilder();
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            rest.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        boolean open = channel.isOpen();
        ClientOrigin known = ClientOrigin.of(channel);
        ClientOrigin origin =
                known.source() == channel.remoteAddress() && known.traits().isEmpty() ? null : known;
        channel.finishAndReleaseAll();
        assertEquals(0, memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory(), "bytes that leak");
        return new Result(open, origin, rest.toString());
    }

    private record Result(boolean open, ClientOrigin origin, String rest) {}
}
