// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.netty.buffer.ByteBufUtil;
import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;

/** Traits as lines {@code key=hex}, in key order; a flag has no hex. What the demo's programs tell each other. */
final class TraitsText {
    private TraitsText() {}

    static String format(Traits traits) {
        StringBuilder text = new StringBuilder();
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            byte[] value = traits.getBytes(key);
            text.append(key).append('=').append(ByteBufUtil.hexDump(value)).append('\n');
        }
        return text.toString();
    }

    /** Reads it back; the separator may be a comma too. Throws {@link IllegalArgumentException} for anything else. */
    static Traits parse(String text) {
        TraitsBuilder traits = Traits.builder();
        for (String line : text.split("[,\n]", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + line + "' is not key=hex");
            }
            int key = Integer.parseInt(line.substring(0, equals));
            String hex = line.substring(equals + 1);
            if (hex.isEmpty()) {
                traits.putFlag(key);
            } else {
                traits.put(key, ByteBufUtil.decodeHexDump(hex));
            }
        }
        return traits.build();
    }
}
