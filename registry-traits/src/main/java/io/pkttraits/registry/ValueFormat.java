// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Writes one value for people, by its type. */
final class ValueFormat {
    private ValueFormat() {}

    static String undefined(Traits traits, int key) {
        byte[] value = traits.getBytes(key);
        return value.length == 0 ? "" : hex(value);
    }

    /** {@code key} is present, and one of the definition's. */
    static String format(Traits traits, int key, TraitDefinition definition) {
        if (definition.type() == TraitType.BYTES) {
            return bytes(traits, definition);
        }
        if (traits.length(key) != definition.type().length()) {
            return invalid(traits, definition);
        }
        return switch (definition.type()) {
            case U8, U16, U32, U64 -> number(traits, key, definition);
            case IPV4, IPV6 -> address(traits.getAddress(key));
            case UUID -> traits.getUuid(key).toString();
            case FLAG, BYTES -> "";
        };
    }

    private static String number(Traits traits, int key, TraitDefinition definition) {
        long value = traits.getLong(key, 0, definition.order());
        return definition.type() == TraitType.U8 && value > 0xff
                ? invalid(traits, definition)
                : Long.toUnsignedString(value);
    }

    private static String address(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static String bytes(Traits traits, TraitDefinition definition) {
        byte[] value = definition.isSpan()
                ? traits.getSpan(definition.firstKey(), definition.lastKey())
                : traits.getBytes(definition.firstKey());
        if (value == null || value.length > definition.maxLength() || (value.length == 0 && !definition.isSpan())) {
            return invalid(traits, definition);
        }
        for (byte b : value) {
            if (b < ' ' || b > '~' || b == '"' || b == '\\') {
                return hex(value);
            }
        }
        return '"' + new String(value, StandardCharsets.US_ASCII) + '"';
    }

    /** All bytes of the definition's keys, whatever they are. */
    private static String invalid(Traits traits, TraitDefinition definition) {
        StringBuilder text = new StringBuilder("invalid:0x");
        for (int key = traits.nextKey(definition.firstKey());
                key >= 0 && key <= definition.lastKey();
                key = traits.nextKey(key + 1)) {
            HexFormat.of().formatHex(text, traits.getBytes(key));
        }
        return text.toString();
    }

    private static String hex(byte[] value) {
        return "0x" + HexFormat.of().formatHex(value);
    }
}
