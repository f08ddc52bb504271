// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results of the reference implementation for the key 00 01 .. 0f and the input 00 01 02 ... */
final class SipHashTest {
    @ParameterizedTest
    @CsvSource({
        "24, f464aeb267349c8c",
        "25, 45cd5928705b0979",
        "31, 2370dd1f8c21d1bc",
        "32, 81157b6c16a7b60d",
        "40, c1d2363299e41531",
        "63, 9d199062b7bbb3a8"
    })
    void hashIsThatOfTheReferenceImplementation(int inputBytes, String expected) {
        byte[] values = new byte[inputBytes - 24];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (24 + i);
        }
        long hash = SipHash.hash(
                0x0706050403020100L,
                0x0f0e0d0c0b0a0908L,
                0x0706050403020100L,
                0x0f0e0d0c0b0a0908L,
                0x1716151413121110L,
                values);
        assertEquals(expected, Long.toHexString(hash));
    }
}
