// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The name that Netty's loader is given, for each way to shade a jar. The project consumers/shaded loads such jars. */
class NativeLibraryNameTest {
    private static final String OURS = NativeLibraryName.class.getName();
    private static final String NETTYS = "io.netty.util.internal.NativeLibraryLoader";

    @ParameterizedTest(name = "ours behind ''{0}'', Netty''s behind ''{1}''")
    @CsvSource({
        "'', '', x",
        "a.b., '', a_b_x",
        "my_app.v1., '', my_1app_v1_x",
        "a.b., a.b., x",
        "'', a.b., x",
        "a., b., a_x",
    })
    void ourPrefixIsThereUnlessTheLoaderAddsIt(String ourPrefix, String nettysPrefix, String expected) {
        assertEquals(expected, NativeLibraryName.of("x", ourPrefix + OURS, nettysPrefix + NETTYS));
    }

    @Test
    void classMovedOtherwiseIsNamed() {
        Error e = assertThrows(
                UnsatisfiedLinkError.class, () -> NativeLibraryName.of("x", "a.NativeLibraryName", NETTYS));
        assertTrue(e.getMessage().endsWith("it is called a.NativeLibraryName"), e.getMessage());
    }
}
