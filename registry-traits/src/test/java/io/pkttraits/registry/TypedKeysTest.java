// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TypedKeysTest {
    private static final TraitRegistry REGISTRY = TraitRegistry.of(List.of(
            TraitDefinition.of("small", 1, TraitType.U8),
            TraitDefinition.of("port", 2, TraitType.U16).withOrder(BIG_ENDIAN),
            TraitDefinition.of("customer_id", 4, TraitType.U32)
                    .withOrder(BIG_ENDIAN)
                    .withSensitive(true),
            TraitDefinition.of("bytes_sent", 5, TraitType.U64),
            TraitDefinition.of("debug", 6, TraitType.FLAG),
            TraitDefinition.of("client", 7, TraitType.IPV4),
            TraitDefinition.ofSpan("session", 8, 11).withMaxLength(40),
            TraitDefinition.of("client6", 12, TraitType.IPV6),
            TraitDefinition.of("request", 13, TraitType.UUID),
            TraitDefinition.of("tag", 14, TraitType.BYTES).withMaxLength(8)));

    @TempDir
    private Path dir;

    @Test
    void valuesAreThoseThatTheDefinitionsSay() throws Exception {
        Traits traits = Traits.builder()
                .putInt(REGISTRY.key("small", Integer.class), 255)
                .putInt(REGISTRY.key("port", Integer.class), 65534)
                .putLong(REGISTRY.key("customer_id", Long.class), 4_000_000_000L)
                .putLong(REGISTRY.key("bytes_sent", Long.class), -1)
                .put(REGISTRY.key("debug", Boolean.class), true)
                .put(REGISTRY.key("client", InetAddress.class), InetAddress.getByName("192.0.2.7"))
                .put(REGISTRY.key("session", String.class), "alice")
                .put(REGISTRY.key("client6", InetAddress.class), InetAddress.getByName("2001:db8::7"))
                .put(REGISTRY.key("request", UUID.class), new UUID(1, 2))
                .put(REGISTRY.key("tag", byte[].class), new byte[] {0, 1})
                .build();
        assertEquals(
                "{small=255, port=65534, customer_id=***, bytes_sent=18446744073709551615, debug, client=192.0.2.7,"
                        + " session=\"alice\", client6=2001:db8::7, request=00000000-0000-0001-0000-000000000002,"
                        + " tag=0x0001}",
                REGISTRY.format(traits));
        assertEquals(4_000_000_000L, traits.get(REGISTRY.key("customer_id", Long.class)));
        assertEquals((int) 4_000_000_000L, traits.getInt(REGISTRY.key("customer_id", Integer.class), 0));
        assertArrayEquals(
                "alice".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                traits.get(REGISTRY.key("session", byte[].class)));
    }

    @Test
    void numberAboveTheTypeReadsAsAbsentAndIsRefused() {
        TraitKey<Integer> small = REGISTRY.key("small", Integer.class);
        assertNull(Traits.EMPTY.withShort(1, (short) 256).get(small));
        var error = assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.with(small, 256));
        assertEquals("the value does not fit 'small' (trait key 1): it is not in 0..255", error.getMessage());
    }

    @Test
    void bytesAboveTheMaxLengthReadAsAbsentAndAreRefused() {
        TraitKey<byte[]> session = REGISTRY.key("session", byte[].class);
        Traits traits = Traits.builder().putSpan(8, 11, new byte[41]).build();
        assertNull(traits.get(session));
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.with(session, new byte[41]));
        assertNull(Traits.EMPTY.with(14, new byte[16]).get(REGISTRY.key("tag", byte[].class)));
    }

    /** A type that is added needs Java types too, and every one that is listed works. */
    @ParameterizedTest
    @EnumSource
    void everyListedJavaTypeMakesAKey(TraitType type) {
        TraitRegistry registry = TraitRegistry.of(List.of(TraitDefinition.of("x", 3, type)));
        List<Class<?>> javaTypes = type.javaTypes();
        assertTrue(!javaTypes.isEmpty());
        for (Class<?> javaType : javaTypes) {
            assertEquals(javaType, registry.key("x", javaType).type());
        }
    }

    @Test
    void primitiveClassesStandForTheirBoxes() {
        TraitKey<Integer> customer = REGISTRY.key("customer_id", int.class);
        assertEquals(7, Traits.EMPTY.with(customer, 7).getInt(customer, -1));
        assertEquals(Integer.class, customer.type());
    }

    @Test
    void javaTypeThatDoesNotFitIsRefused() throws Exception {
        Path file = Files.writeString(dir.resolve("a.toml"), """
                customer_id = { key = 4, type = "u32", order = "network" }
                session = { keys = "8-11", type = "bytes", max_length = 40 }
                """);
        TraitRegistry registry = TraitRegistry.load(file);
        assertEquals(
                "'customer_id' is not a trait of String values: it is defined as u32 in network order (" + file
                        + ":1:1), which fits Integer or Long",
                refusal(registry, "customer_id", String.class));
        assertEquals(
                "'session' is not a trait of Long values: it is defined as a span of bytes, at most 40 (" + file
                        + ":2:1), which fits byte[] or String",
                refusal(registry, "session", Long.class));
        assertEquals(
                "'debug' is not a trait of Object values: it is defined as flag (not in a file), which fits Boolean",
                refusal(REGISTRY, "debug", Object.class));
    }

    @ParameterizedTest
    @CsvSource({
        "custmer_id, customer_id",
        "customer-id, customer_id",
        "customer, customer_id",
        "prot, port",
        "client4, 'client, client6'",
        "client, 'client6'"
    })
    void unknownNameIsAnsweredWithSimilarOnes(String name, String similar) {
        List<TraitDefinition> others = new ArrayList<>(REGISTRY.definitions());
        others.removeIf(definition -> definition.name().equals(name));
        assertEquals(
                "no trait is called '" + name + "'; similar names: " + similar,
                refusal(TraitRegistry.of(others), name, Integer.class));
    }

    @Test
    void unknownNameWithoutSimilarOnesIsAnsweredWithTheFiles() throws Exception {
        Files.writeString(
                dir.resolve("a.toml"), "one = { key = 1, type = 'flag' }\ntwo = { key = 2, type = 'flag' }\n");
        Files.writeString(dir.resolve("b.toml"), "three = { key = 3, type = 'flag' }\n");
        assertEquals(
                "no trait is called 'tenant': the registry has 3 names from " + dir.resolve("a.toml") + ", "
                        + dir.resolve("b.toml"),
                refusal(TraitRegistry.load(dir), "tenant", String.class));
        assertEquals(
                "no trait is called 'tenant': the registry has 10 names from code",
                refusal(REGISTRY, "tenant", String.class));
        assertEquals(
                "no trait is called 'tenant': the registry is empty",
                refusal(TraitRegistry.EMPTY, "tenant", String.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a\nb"})
    void strangeNamesAreAnsweredInOneLine(String name) {
        String message = refusal(REGISTRY, name, String.class);
        assertEquals(1, message.lines().count());
        assertTrue(message.length() < 200, message);
    }

    @Test
    void longNameIsAnsweredShortly() {
        assertTrue(refusal(REGISTRY, "x".repeat(1 << 20), String.class).length() < 500);
    }

    private static String refusal(TraitRegistry registry, String name, Class<?> type) {
        return assertThrows(IllegalArgumentException.class, () -> registry.key(name, type))
                .getMessage();
    }
}
