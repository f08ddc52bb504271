// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.pkttraits.codec.TraitFieldCodec;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The field {@code Packet-Traits} of a header or trailer section. */
public final class PacketTraitsField {
    private static final String PACKET = "packet";
    private static final String TRAITS = "traits";

    private PacketTraitsField() {}

    /** The field's value, several lines joined as RFC 9110 section 5.2 says; {@code null} if there is no such field. */
    static String valueOf(HttpHeaders headers) {
        List<String> lines = headers.getAll(TraitFieldCodec.NAME);
        return lines.isEmpty() ? null : String.join(", ", lines);
    }

    /**
     * Removes every line of the field, and of those that a server takes for it which makes variables of field names, as CGI
     * does: {@code Packet_Traits}, and any other character between the two words.
     *
     * @return whether there was one
     */
    public static boolean removeFrom(HttpHeaders headers) {
        boolean removed = false;
        for (CharSequence name = find(headers); name != null; name = find(headers)) {
            headers.remove(name);
            removed = true;
        }
        return removed;
    }

    private static CharSequence find(HttpHeaders headers) {
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            CharSequence name = fields.next().getKey();
            if (isTaken(name)) {
                return name;
            }
        }
        return null;
    }

    private static boolean isTaken(CharSequence name) {
        int separator = PACKET.length();
        return name.length() == TraitFieldCodec.NAME.length()
                && !isAlphanumeric(name.charAt(separator))
                && AsciiString.regionMatches(name, true, 0, PACKET, 0, separator)
                && AsciiString.regionMatches(name, true, separator + 1, TRAITS, 0, TRAITS.length());
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
