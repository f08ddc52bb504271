// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class LiveKeysTest {
    private static final String CUSTOMER = "customer_id = { key = %d, type = 'u32', order = 'network' }\n";

    @TempDir
    private Path dir;

    private Path file;
    private LiveTraitRegistry live;
    private volatile InvalidRegistryException refusal;

    @BeforeEach
    void watch() throws Exception {
        file = dir.resolve("a.toml");
        write(CUSTOMER.formatted(4) + "session = { keys = '8-11', type = 'bytes' }\n");
        live = LiveTraitRegistry.watch(List.of(file), new RegistryListener() {
            @Override
            public void refused(InvalidRegistryException cause, TraitRegistry kept) {
                refusal = cause;
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        live.close();
    }

    @Test
    void keyFollowsItsDefinitionToAnotherNumber() throws Exception {
        TraitKey<Integer> customer = live.key("customer_id", Integer.class);
        TraitKey<String> session = live.key("session", String.class);
        Traits before = Traits.EMPTY.with(customer, 1).with(session, "a");
        assertEquals(1L << 4 | 1L << 8, before.keys());
        write(CUSTOMER.formatted(5) + "session = { keys = '16-19', type = 'bytes' }\n");
        live.reload();
        assertEquals(1, live.reloads());
        assertEquals("'customer_id' (trait key 5)", customer.toString());
        Traits after = Traits.builder().putInt(customer, 2).put(session, "b").build();
        assertEquals(1L << 5 | 1L << 16, after.keys());
        assertEquals(2, after.getInt(customer, -1));
        assertEquals("b", after.get(session));
        assertNull(before.get(customer));
        assertEquals(19, session.lastKey());
    }

    @Test
    void keyOfASnapshotStaysAsItWas() throws Exception {
        TraitKey<Integer> customer = live.get().key("customer_id", Integer.class);
        write(CUSTOMER.formatted(5));
        live.reload();
        assertEquals(1, live.reloads());
        assertEquals(4, customer.firstKey());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "key = 4, type = 'u64', order = 'network'   | key 4, u64 in network order",
                "key = 4, type = 'u16', order = 'network'   | key 4, u16 in network order",
                "key = 5, type = 'u32'                      | key 5, u32 in host order",
                "key = 4, type = 'ipv4'                     | key 4, ipv4",
                "keys = '4-4', type = 'bytes'               | keys 4-4, a span of bytes, at most 14"
            },
            delimiter = '|')
    void changeOfTheTypeIsRefusedWhileAKeyIsHeld(String definition, String text) throws Exception {
        TraitKey<Integer> customer = live.key("customer_id", Integer.class);
        write("\ncustomer_id = { " + definition + " }\n");
        live.reload();
        assertEquals(
                file + ":2:1: 'customer_id' is now " + text
                        + ", but this program uses it as key 4, u32 in network order (" + file + ":1:1)",
                refusal.getMessage());
        assertEquals(BIG_ENDIAN, live.get().get("customer_id").order());
        assertEquals(0, live.reloads());
        assertEquals(4, customer.firstKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys = '8-12', type = 'bytes', max_length = 62",
                "keys = '8-11', type = 'bytes', max_length = 40"
            })
    void changeOfTheSizeIsRefusedWhileAKeyIsHeld(String definition) throws Exception {
        TraitKey<byte[]> session = live.key("session", byte[].class);
        write("session = { " + definition + " }\n");
        live.reload();
        assertTrue(refusal.getMessage().contains("'session' is now keys 8-1"), refusal::getMessage);
        assertEquals(62, session.length());
        assertEquals(11, session.lastKey());
    }

    @Test
    void removalIsRefusedWhileAKeyIsHeld() throws Exception {
        TraitKey<Integer> customer = live.key("customer_id", Integer.class);
        write("other = { key = 4, type = 'flag' }\n");
        live.reload();
        assertEquals(
                file + ": 'customer_id' is gone, but this program uses it: it was key 4, u32 in network order (" + file
                        + ":1:1)",
                refusal.getMessage());
        assertEquals(4, customer.firstKey());
        // One key that cannot follow keeps all of them, so that no two mean the same number.
        TraitKey<byte[]> session = live.key("session", byte[].class);
        write("session = { keys = '20-23', type = 'bytes' }\n");
        live.reload();
        assertEquals(8, session.firstKey());
    }

    @Test
    void changesOfWhatNoKeyNeedsAreFollowed() throws Exception {
        TraitKey<Integer> customer = live.key("customer_id", Integer.class);
        write("customer_id = { key = 4, type = 'u32', order = 'network', sensitive = true, description = 'new' }\n");
        live.reload();
        assertEquals(1, live.reloads());
        assertEquals("{customer_id=***}", live.get().format(Traits.EMPTY.with(customer, 1)));
    }

    @Test
    void unreachableKeyRefusesNothing() throws Exception {
        // Without a local variable, which an interpreter would keep alive.
        WeakReference<TraitKey<Long>> customer = new WeakReference<>(live.key("customer_id", Long.class));
        write("other = { key = 4, type = 'flag' }\n");
        long end = System.nanoTime() + 60_000_000_000L;
        while (customer.get() != null && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(10);
        }
        live.reload();
        assertEquals("other", live.get().label(4));
        assertThrows(IllegalArgumentException.class, () -> live.key("customer_id", Long.class));
    }

    @Test
    void sameNameAndTypeHaveOneKey() throws Exception {
        TraitKey<Integer> customer = live.key("customer_id", Integer.class);
        assertSame(customer, live.key("customer_id", Integer.class));
        TraitKey<Long> large = live.key("customer_id", Long.class);
        write(CUSTOMER.formatted(6));
        live.reload();
        assertEquals(6, customer.firstKey());
        assertEquals(6, large.firstKey());
        assertSame(customer, live.key("customer_id", Integer.class));
    }

    @Test
    void readersSeeOnlyNumbersThatTheFilesHad() throws Exception {
        TraitKey<Integer> customer = live.key("customer_id", Integer.class);
        Traits traits = Traits.builder()
                .putInt(4, 44, BIG_ENDIAN)
                .putInt(5, 55, BIG_ENDIAN)
                .build();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                int value = traits.getInt(customer, -1);
                if (value != 44 && value != 55) {
                    throw new AssertionError(value);
                }
            }
        });
        reader.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        reader.start();
        for (int i = 0; i < 100; i++) {
            write(CUSTOMER.formatted(i % 2 == 0 ? 5 : 4));
            live.reload();
            assertEquals(i % 2 == 0 ? 55 : 44, traits.getInt(customer, -1));
        }
        reader.interrupt();
        reader.join();
        assertNull(failure.get());
    }

    private void write(String text) throws IOException {
        Path tmp = Files.writeString(dir.resolve("tmp"), text);
        Files.move(tmp, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
