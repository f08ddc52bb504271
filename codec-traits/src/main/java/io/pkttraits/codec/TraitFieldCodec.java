// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;
import io.pkttraits.codec.MalformedTraitsException.Reason;
import io.pkttraits.internal.SizeWords;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The HTTP field {@code Packet-Traits}: a dictionary of RFC 9651 (Structured Field Values for HTTP), such as
 *
 * <pre>
 *   Packet-Traits: k4=:AAAwOQ==:, k9
 * </pre>
 *
 * <p>A key is {@code k0} to {@code k63}, without leading zeros. A value is a Byte Sequence of 2, 4, 8 or 16 bytes, or the
 * Boolean true, in short a bare key, for a flag. Field lines of one section are to be joined by {@code ", "} (RFC 9110
 * section 5.2) before they are decoded.
 *
 * <p>What RFC 9651 says of all dictionaries holds: the last of several members with one key counts (section 4.2.2), base64
 * may lack its padding and have any bits in the last character that stand for none (section 4.2.7), and a field that fails
 * is ignored as a whole. This field allows less than RFC 9651 does: other keys, parameters and other types fail it, since a
 * set that cannot be passed on as it came must not be passed on in part.
 */
public final class TraitFieldCodec {
    /** The field's name in lower case, as HTTP/2 and HTTP/3 have it. */
    public static final AsciiString NAME = AsciiString.cached("packet-traits");

    private static final String SEPARATOR = ", ";

    /** Characters of the longest field: 64 keys with values of 16 bytes. */
    private static final int MAX_LENGTH = 64 * ("k63=:".length() + 24 + ":, ".length());

    private TraitFieldCodec() {}

    /**
     * The field's value, keys ascending; without characters for the empty set, for which RFC 9651 wants no field to be sent.
     * Any set can be encoded: into {@value #MAX_LENGTH} characters at most.
     */
    public static AsciiString encode(Traits traits) {
        ByteBuf out = Unpooled.buffer(64, MAX_LENGTH);
        encode(traits, out);
        return new AsciiString(out.array(), out.arrayOffset(), out.readableBytes(), false);
    }

    /** Appends the field's value in ASCII to {@code out}, which is neither retained nor released. */
    public static void encode(Traits traits, ByteBuf out) {
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            if (key != traits.nextKey(0)) {
                ByteBufUtil.writeAscii(out, SEPARATOR);
            }
            ByteBufUtil.writeAscii(out, "k" + key);
            if (!traits.getFlag(key)) {
                ByteBufUtil.writeAscii(out, "=:");
                out.writeBytes(Base64.getEncoder().encode(traits.getBytes(key)));
                out.writeByte(':');
            }
        }
    }

    /**
     * Reads all readable bytes as the field's value.
     *
     * @return the traits, {@link Traits#EMPTY} itself if there are none; the readerIndex is then at the end
     * @throws MalformedTraitsException if it is not the value of such a field; no index has moved then
     */
    public static Traits decode(ByteBuf in) {
        Traits traits = decode(new AsciiString(ByteBufUtil.getBytes(in), false));
        in.skipBytes(in.readableBytes());
        return traits;
    }

    /**
     * Reads the field's value.
     *
     * @return the traits, {@link Traits#EMPTY} itself if there are none
     * @throws MalformedTraitsException if it is not the value of such a field; its offset counts characters
     */
    public static Traits decode(CharSequence field) {
        return new FieldParser(field).parse();
    }

    /** The parsing algorithm of RFC 9651 sections 4.2 and 4.2.2, for what a set of traits can have. */
    private static final class FieldParser {
        private static final int MAX_BASE64_LENGTH = 24;

        private final CharSequence field;
        private final int end;
        private int at;

        FieldParser(CharSequence field) {
            this.field = field;
            end = field.length();
        }

        Traits parse() {
            skipSpaces();
            if (at == end) {
                return Traits.EMPTY;
            }
            TraitsBuilder traits = Traits.builder();
            while (true) {
                parseMember(traits);
                skipWhitespace();
                if (at == end) {
                    return traits.build();
                }
                if (next() != ',') {
                    throw syntax(field.charAt(at) == ';' ? "parameters are not allowed" : "expected a comma");
                }
                at++;
                skipWhitespace();
                if (at == end) {
                    throw malformed(Reason.TRUNCATED, at, "expected a trait key after the comma");
                }
            }
        }

        private void parseMember(TraitsBuilder traits) {
            int key = parseKey();
            if (next() != '=') {
                traits.putFlag(key);
                return;
            }
            at++;
            switch (next()) {
                case ':' -> traits.put(key, parseBytes());
                case '?' -> {
                    parseTrue();
                    traits.putFlag(key);
                }
                default ->
                    throw malformed(
                            at == end ? Reason.TRUNCATED : Reason.TYPE,
                            at,
                            "the value of trait key " + key + " is neither bytes nor true");
            }
        }

        private int parseKey() {
            int start = at;
            if (!isKeyStart(next())) {
                throw syntax("expected a trait key");
            }
            while (isKeyPart(next())) {
                at++;
            }
            int digits = at - start - 1;
            int key = digits == 1 ? digit(start + 1) : digit(start + 1) * 10 + digit(start + 2);
            boolean canonical = digits == 1 || (digits == 2 && field.charAt(start + 1) != '0');
            if (field.charAt(start) != 'k' || !canonical || key < 0 || key >= Traits.MAX_KEYS) {
                throw malformed(Reason.KEY_OUT_OF_RANGE, start, "the key is not one of k0 to k63");
            }
            return key;
        }

        /** The digit's number, or one that makes any key negative. */
        private int digit(int index) {
            char c = index < end ? field.charAt(index) : 0;
            return c >= '0' && c <= '9' ? c - '0' : -1000;
        }

        private byte[] parseBytes() {
            int start = ++at;
            while (isBase64(next())) {
                at++;
            }
            int stop = at;
            while (next() == '=') {
                at++;
            }
            if (at == end) {
                throw malformed(Reason.TRUNCATED, at, "expected a colon after the bytes");
            }
            if (next() != ':') {
                throw syntax("a character is not base64");
            }
            int padding = at++ - stop;
            int length = stop - start;
            if (length % 4 == 1 || (padding != 0 && (length + padding) % 4 != 0) || padding > 2) {
                throw malformed(Reason.LENGTH, start, "the base64 text has an impossible length");
            }
            if (length > MAX_BASE64_LENGTH || !isValueLength(length * 3 / 4)) {
                throw malformed(Reason.LENGTH, start, "the value has " + length * 3L / 4 + " bytes, not 2, 4, 8 or 16");
            }
            return Base64.getDecoder()
                    .decode(field.subSequence(start, stop).toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        private void parseTrue() {
            at++;
            if (next() == '0') {
                throw malformed(Reason.TYPE, at, "a flag cannot be false");
            }
            if (next() != '1') {
                throw syntax("expected ?1");
            }
            at++;
        }

        private void skipSpaces() {
            while (next() == ' ') {
                at++;
            }
        }

        private void skipWhitespace() {
            while (next() == ' ' || next() == '\t') {
                at++;
            }
        }

        /** The next character; NUL, which may stand nowhere, also at the end. */
        private char next() {
            return at < end ? field.charAt(at) : 0;
        }

        private MalformedTraitsException syntax(String what) {
            return malformed(Reason.SYNTAX, at, what);
        }

        private static MalformedTraitsException malformed(Reason reason, int offset, String what) {
            return new MalformedTraitsException(reason, offset, what);
        }

        /** A flag is a bare key, and has no other way to be written as bytes. */
        private static boolean isValueLength(int length) {
            return length > 0 && SizeWords.code(length) >= 0;
        }

        private static boolean isKeyStart(char c) {
            return (c >= 'a' && c <= 'z') || c == '*';
        }

        private static boolean isKeyPart(char c) {
            return isKeyStart(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
        }

        private static boolean isBase64(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
        }
    }
}
