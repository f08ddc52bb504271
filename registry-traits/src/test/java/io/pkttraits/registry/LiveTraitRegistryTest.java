// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class LiveTraitRegistryTest {
    @TempDir
    private Path dir;

    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    private final RegistryListener listener = new RegistryListener() {
        @Override
        public void reloaded(TraitRegistry registry) {
            news.add("reloaded " + registry);
        }

        @Override
        public void refused(InvalidRegistryException cause, TraitRegistry kept) {
            news.add("refused " + cause.errors().get(0).message() + " kept " + kept);
        }
    };

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rewrittenFileIsReloaded(boolean ownThread) throws Exception {
        Path file = write("a.toml", flag("one", 1));
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try (LiveTraitRegistry live = ownThread
                ? LiveTraitRegistry.watch(List.of(file), listener)
                : LiveTraitRegistry.watch(List.of(file), listener, executor)) {
            assertEquals("one", live.get().label(1));
            Files.writeString(file, flag("two", 1));
            awaitNews(live, 1);
            assertEquals("two", live.get().label(1));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void fileRenamedOverIsReloaded() throws Exception {
        Path file = write("a.toml", flag("one", 1));
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), listener)) {
            Files.move(write("a.toml.tmp", flag("two", 1)), file, ATOMIC_MOVE, REPLACE_EXISTING);
            assertNews("reloaded TraitRegistry[two]");
            // And once more, since a watch on an inode would have lost it by now. The way of vi: the old one is moved
            // away.
            Files.move(file, dir.resolve("a.toml~"));
            write("a.toml", flag("three", 1));
            awaitLabel(live, "three");
        }
    }

    @Test
    void fileBehindASwappedLinkIsReloaded() throws Exception {
        Files.createDirectory(dir.resolve("v1"));
        Files.createDirectory(dir.resolve("v2"));
        write("v1/a.toml", flag("one", 1));
        write("v2/a.toml", flag("two", 1));
        // As Kubernetes mounts configuration.
        Files.createSymbolicLink(dir.resolve("data"), Path.of("v1"));
        Files.createDirectory(dir.resolve("mount"));
        Path file = Files.createSymbolicLink(dir.resolve("mount/a.toml"), Path.of("../data/a.toml"));
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), listener)) {
            Path other = Files.createSymbolicLink(dir.resolve("data.tmp"), Path.of("v2"));
            Files.move(other, dir.resolve("data"), ATOMIC_MOVE, REPLACE_EXISTING);
            awaitLabel(live, "two");
        }
    }

    @Test
    void fileThatIsAddedToOrRemovedFromADirectoryCounts() throws Exception {
        Path sub = Files.createDirectory(dir.resolve("traits.d"));
        write("traits.d/a.toml", flag("one", 1));
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(sub), listener)) {
            write("traits.d/b.toml", flag("two", 2));
            assertEquals("two", awaitNews(live, 1).label(2));
            Files.delete(sub.resolve("a.toml"));
            assertNull(awaitNews(live, 2).get(1));
        }
    }

    @Test
    void directoryThatVanishesAndComesBackIsFollowed() throws Exception {
        Path sub = Files.createDirectory(dir.resolve("traits.d"));
        write("traits.d/a.toml", flag("one", 1));
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(sub), listener)) {
            Files.move(sub, dir.resolve("old.d"));
            assertNews("refused does not exist kept TraitRegistry[one]");
            Files.createDirectory(sub);
            write("traits.d/a.toml", flag("two", 1));
            awaitLabel(live, "two");
            write("traits.d/a.toml", flag("three", 1));
            awaitLabel(live, "three");
        }
    }

    @Test
    void badFileKeepsTheRegistryAndIsToldOncePerError() throws Exception {
        Path file = write("a.toml", flag("one", 1));
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), listener)) {
            TraitRegistry before = live.get();
            write("a.toml", flag("one", 77));
            assertNews("refused key 77 of 'one' is not in 0..63 kept TraitRegistry[one]");
            // The same error in other bytes, looked at for certain.
            write("a.toml", flag("one", 77) + "\n\n");
            live.reload();
            live.reload();
            assertEquals(1, live.failures());
            assertSame(before, live.get());
            write("a.toml", flag("one", 78));
            assertNews("refused key 78 of 'one' is not in 0..63 kept TraitRegistry[one]");
            assertEquals(2, live.failures());
            write("a.toml", flag("two", 2));
            assertNews("reloaded TraitRegistry[two]");
            assertEquals(2, live.failures());
        }
    }

    @Test
    void registryThatLacksWhatItsUsersNeedIsRefused() throws Exception {
        Path file = write("a.toml", flag("one", 1));
        RegistryListener user = new RegistryListener() {
            @Override
            public void check(TraitRegistry fresh) {
                if (fresh.get("one") == null) {
                    throw new IllegalArgumentException("'one' is needed");
                }
                if (fresh.keys() == 1L << 13) {
                    throw new IllegalStateException("a defect");
                }
            }

            @Override
            public void refused(InvalidRegistryException cause, TraitRegistry kept) {
                listener.refused(cause, kept);
            }
        };
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), user)) {
            write("a.toml", flag("two", 1));
            assertNews("refused 'one' is needed kept TraitRegistry[one]");
            write("a.toml", flag("one", 13));
            assertNews("refused java.lang.IllegalStateException: a defect kept TraitRegistry[one]");
            assertEquals(2, live.failures());
            write("a.toml", flag("one", 2));
            assertEquals(1L << 2, awaitNews(live, 1).keys());
        }
    }

    @Test
    void keyThatWasSensitiveStaysMaskedUntilItIsDefinedAnew() throws Exception {
        Traits traits =
                Traits.builder().putInt(4, 12345).putInt(5, 1).putFlag(6).build();
        String secret = "secret = { key = %d, type = 'u32', sensitive = true }\n";
        Path sub = Files.createDirectory(dir.resolve("traits.d"));
        Path file = write("traits.d/a.toml", secret.formatted(4) + flag("one", 1));
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(sub), listener)) {
            // Half written, and valid so.
            write("traits.d/a.toml", flag("one", 1));
            assertEquals("{4=***, 5=0x01000000, 6}", awaitNews(live, 1).format(traits));
            Files.delete(file);
            news.take();
            assertNews("refused has no file *.toml kept TraitRegistry[one]");
            assertEquals("***", live.get().format(traits, 4));
            // Under another name or key, it is remembered for both.
            write("traits.d/a.toml", secret.formatted(5));
            assertEquals("{4=***, secret=***, 6}", awaitNews(live, 2).format(traits));
            write("traits.d/a.toml", "open = { key = 4, type = 'u32' }\n");
            assertEquals("{open=12345, 5=***, 6}", awaitNews(live, 3).format(traits));
            assertEquals("{open=12345, 5=***, 6}", live.get().format(traits));
        }
    }

    @Test
    void halfWrittenReplacementIsNeverSeen() throws Exception {
        String whole = flag("one", 1) + flag("two", 2);
        Path file = write("a.toml", whole);
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), listener)) {
            // Each beginning of the file rests for long, so that the watcher may well look at it.
            String next = "three = { key = 3, type = 'flag' }";
            for (int cut : new int[] {0, 9, next.length() - 1}) {
                try (OutputStream out = Files.newOutputStream(file)) {
                    out.write(next.substring(0, cut).getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    assertTrue(news.poll(30, TimeUnit.SECONDS).startsWith("refused "));
                    assertEquals(6, live.get().keys());
                    out.write(next.substring(cut).getBytes(StandardCharsets.UTF_8));
                }
                assertNews("reloaded TraitRegistry[three]");
                write("a.toml", whole);
                assertNotNull(news.poll(30, TimeUnit.SECONDS));
                assertEquals(6, live.get().keys());
            }
        }
    }

    @Test
    void readersSeeWholeRegistriesAlone() throws Exception {
        Path file = write("a.toml", flag("one", 1) + flag("two", 2));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), listener)) {
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread reader = new Thread(() -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        TraitRegistry registry = live.get();
                        String one = registry.label(1);
                        if (registry.get(one).firstKey() != 1
                                || !registry.label(2).equals(one.equals("one") ? "two" : "zwei")) {
                            throw new AssertionError(registry);
                        }
                    }
                });
                reader.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
                reader.start();
                readers.add(reader);
            }
            for (int i = 0; i < 100; i++) {
                Path tmp =
                        write("tmp", i % 2 == 0 ? flag("eins", 1) + flag("zwei", 2) : flag("one", 1) + flag("two", 2));
                Files.move(tmp, file, ATOMIC_MOVE, REPLACE_EXISTING);
                live.reload();
                assertEquals(i % 2 == 0 ? "eins" : "one", live.get().label(1));
            }
            assertEquals(100, live.reloads());
            for (Thread reader : readers) {
                reader.interrupt();
                reader.join();
            }
            assertNull(failure.get());
        }
    }

    @Test
    void listenerThatThrowsStopsNothing() throws Exception {
        Path file = write("a.toml", flag("one", 1));
        RegistryListener thrower = new RegistryListener() {
            @Override
            public void reloaded(TraitRegistry registry) {
                throw new IllegalStateException("as the test wants it");
            }
        };
        try (LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), thrower)) {
            write("a.toml", flag("two", 1));
            awaitLabel(live, "two");
            write("a.toml", flag("three", 1));
            awaitLabel(live, "three");
        }
    }

    @Test
    void closeEndsTheThreadAndKeepsTheRegistry() throws Exception {
        Path file = write("a.toml", flag("one", 1));
        List<Thread> before = watchers();
        LiveTraitRegistry live = LiveTraitRegistry.watch(List.of(file), listener);
        List<Thread> own = watchers();
        own.removeAll(before);
        assertEquals(1, own.size());
        assertTrue(own.get(0).isDaemon());
        live.close();
        live.close();
        own.get(0).join(30_000);
        assertFalse(own.get(0).isAlive());
        write("a.toml", flag("two", 1));
        live.reload();
        assertEquals("one", live.get().label(1));
    }

    @Test
    void badFileAtTheStartIsRefused() throws Exception {
        Path file = write("a.toml", "x = 1");
        List<Thread> before = watchers();
        assertThrows(InvalidRegistryException.class, () -> LiveTraitRegistry.watch(file));
        List<Thread> after = watchers();
        after.removeAll(before);
        assertEquals(List.of(), after);
    }

    private static List<Thread> watchers() {
        return new ArrayList<>(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pkttraits-registry") && thread.isAlive())
                .toList());
    }

    private void assertNews(String expected) throws InterruptedException {
        assertEquals(expected, news.poll(30, TimeUnit.SECONDS));
    }

    private static void awaitLabel(LiveTraitRegistry live, String label) throws InterruptedException {
        for (int i = 0; i < 3000 && !live.get().label(1).equals(label); i++) {
            Thread.sleep(10);
        }
        assertEquals(label, live.get().label(1));
    }

    private static TraitRegistry awaitNews(LiveTraitRegistry live, long reloads) throws InterruptedException {
        for (int i = 0; i < 3000 && live.reloads() < reloads; i++) {
            Thread.sleep(10);
        }
        return live.get();
    }

    private static String flag(String name, int key) {
        return name + " = { key = " + key + ", type = 'flag' }\n";
    }

    /** At once, since a busy machine may stop us between truncating and writing for longer than a file has to rest. */
    private Path write(String name, String text) throws IOException {
        Path tmp = Files.writeString(dir.resolve(".tmp"), text);
        return Files.move(tmp, dir.resolve(name), ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
