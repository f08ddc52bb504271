// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.pkttraits.Traits;

/** Describes a trait set in messages by its keys and lengths. Values may be secret, and messages reach logs. */
public final class WithoutValues {
    private WithoutValues() {}

    /** Returns for example <code>{4: 4 bytes, 9: flag}</code>. */
    public static String of(Traits traits) {
        StringBuilder text = new StringBuilder("{");
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            int length = traits.length(key);
            text.append(text.length() == 1 ? "" : ", ").append(key).append(": ");
            text.append(length == 0 ? "flag" : length + " bytes");
        }
        return text.append('}').toString();
    }
}
