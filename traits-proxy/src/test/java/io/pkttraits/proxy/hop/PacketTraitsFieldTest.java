// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTraitsFieldTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "packet-traits",
                "Packet-Traits",
                "PACKET-TRAITS",
                "pAcKeT-tRaItS",
                "packet_traits",
                "Packet_Traits",
                "packet.traits",
                "packet~traits",
                "packet!traits",
                "packet|traits"
            })
    void everySpellingThatACgiServerTakesForItIsRemoved(String name) {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("a", "1")
                .add(name, "k1")
                .add("b", "2")
                .add(name.toUpperCase(Locale.ROOT), "k2")
                .add("Packet-Traits", "k3");
        assertTrue(PacketTraitsField.removeFrom(headers));
        assertEquals(Set.of("a", "b"), headers.names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packettraits",
                "packetxtraits",
                "packet0traits",
                "packet-traits-",
                "x-packet-traits",
                "packet--traits",
                "packet-trait",
                "packet-traitz"
            })
    void otherFieldsStay(String name) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, "k1");
        assertFalse(PacketTraitsField.removeFrom(headers));
        assertEquals("k1", headers.get(name));
    }

    @Property
    void anythingBetweenTheWordsIsTakenUnlessItMakesAnotherWord(@ForAll char separator, @ForAll int cases) {
        StringBuilder name = new StringBuilder("packet" + separator + "traits");
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != separator && (cases >> i & 1) != 0) {
                name.setCharAt(i, Character.toUpperCase(name.charAt(i)));
            }
        }
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory()
                .withValidation(false)
                .newHeaders()
                .add(name.toString(), "k1");
        boolean anotherWord = String.valueOf(separator).matches("[a-zA-Z0-9]");
        assertEquals(!anotherWord, PacketTraitsField.removeFrom(headers));
        assertEquals(!anotherWord, headers.isEmpty());
    }
}
