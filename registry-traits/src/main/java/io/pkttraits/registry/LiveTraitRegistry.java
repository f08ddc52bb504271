// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.TraitKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A registry that follows its files: {@link #get()} returns the newest valid snapshot. Files may be rewritten, renamed
 * over, removed and put back; they are loaded once they have stayed the same for 100 ms. Files that are no registry, or
 * are gone, leave the registry as it is; that is logged, counted and told to the listener once for each distinct error.
 *
 * <p>A key that was sensitive stays masked in {@link TraitRegistry#format} though its definition is gone, until files define it
 * anew as one that is not.
 *
 * <p>A file that is written in place may stop for longer, half-written, and be valid so. Who writes to a new file and
 * renames it is safe from that.
 *
 * <p>{@code get} is a volatile read, from any thread. Reloading and the listener run on one daemon thread of this
 * object's own, called {@code pkttraits-registry}, or on the caller's executor; there every look is a short task, which
 * reads files only after a change. Changes that the host does not announce, such as those behind a symbolic link, are
 * seen within a second.
 */
public final class LiveTraitRegistry implements Supplier<TraitRegistry>, Closeable {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(LiveTraitRegistry.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration STABLE = Duration.ofMillis(100);

    private final List<Path> paths;
    private final RegistryListener listener;
    private final DirectoryWatch watch;
    private final ScheduledExecutorService executor;

    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile TraitRegistry registry;

    /** Guarded by itself: a look-up must not wait for files to be read. The registry is replaced under the same lock. */
    private final LiveKeys keys = new LiveKeys();

    // The rest is guarded by this.
    private FileSignature loaded;
    private FileSignature seen;
    private boolean dirty;
    private String lastError;
    private boolean unreadable;
    private boolean closed;
    private Future<?> next;

    private LiveTraitRegistry(List<Path> paths, RegistryListener listener, ScheduledExecutorService executor)
            throws InvalidRegistryException {
        this.paths = List.copyOf(paths);
        this.listener = listener;
        this.executor = executor;
        // Before anything is read, so that no change falls between.
        loaded = FileSignature.of(this.paths);
        seen = loaded;
        registry = TraitRegistry.load(paths.toArray(Path[]::new));
        watch = new DirectoryWatch(this.paths.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .toList());
        dirty = true;
    }

    /** {@link #watch(List, RegistryListener)} of one file or directory, without a listener. */
    public static LiveTraitRegistry watch(Path fileOrDirectory) throws InvalidRegistryException {
        return watch(List.of(fileOrDirectory), RegistryListener.NONE);
    }

    /**
     * Loads files and directories as {@link TraitRegistry#load} does, and follows them on a thread of its own.
     *
     * @throws InvalidRegistryException if they are no registry now
     */
    public static LiveTraitRegistry watch(List<Path> filesOrDirectories, RegistryListener listener)
            throws InvalidRegistryException {
        LiveTraitRegistry live = new LiveTraitRegistry(filesOrDirectories, listener, null);
        Thread thread = new Thread(live::follow, "pkttraits-registry");
        thread.setDaemon(true);
        thread.start();
        return live;
    }

    /**
     * Loads files and directories as {@link TraitRegistry#load} does, and follows them on an executor, which stays the
     * caller's. An event loop will do where reading a few small files may hold it up.
     *
     * @throws InvalidRegistryException if they are no registry now
     */
    public static LiveTraitRegistry watch(
            List<Path> filesOrDirectories, RegistryListener listener, ScheduledExecutorService executor)
            throws InvalidRegistryException {
        LiveTraitRegistry live = new LiveTraitRegistry(filesOrDirectories, listener, executor);
        live.schedule(STABLE);
        return live;
    }

    /** The newest registry that was valid. */
    @Override
    public TraitRegistry get() {
        return registry;
    }

    /**
     * Returns the typed key of a name, as {@link TraitRegistry#key} does, which follows the files: after a reload that gives
     * the name another key number, the same object reads and writes that number. Other threads see the new number a moment
     * before or after the new registry, and each key's by itself.
     *
     * <p>While somebody holds the key, a reload is refused that removes the name or changes its type, size or byte order. A
     * key that is unreachable refuses nothing; a change that was refused before is tried again at the next change or
     * {@link #reload}. Look a key up once and keep it: the look-up takes a lock, reading through the
     * key does not. For one name and type it returns the same object while that object is reachable. After {@link #close} keys
     * stay as they are.
     *
     * @throws IllegalArgumentException if no trait has this name, with similar names if there are any; or if the Java type
     *     does not fit the definition, with those that do
     */
    public <T> TraitKey<T> key(String name, Class<T> type) {
        synchronized (keys) {
            return keys.key(registry, name, type);
        }
    }

    /** How often the registry was replaced. */
    public long reloads() {
        return reloads.get();
    }

    /** How often changed files were refused, each distinct error in a row once. */
    public long failures() {
        return failures.get();
    }

    /** Loads the files now, on the calling thread, whether they have changed or not; does nothing once closed. */
    public synchronized void reload() {
        if (!closed) {
            load(FileSignature.of(paths));
        }
    }

    /** Stops following; the last registry stays. When it returns, the listener is called no more. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            if (next != null) {
                next.cancel(false);
            }
        }
        watch.close();
    }

    private void follow() {
        try {
            Duration pause = STABLE;
            while (true) {
                boolean changed = watch.await(pause);
                pause = look(changed);
                if (pause == null) {
                    return;
                }
                if (pause.equals(STABLE)) {
                    // Events would wake us at once, but it is rest that we wait for.
                    Thread.sleep(STABLE.toMillis());
                    pause = Duration.ZERO;
                }
            }
        } catch (ClosedWatchServiceException e) {
            LOG.debug("closed", e);
        } catch (InterruptedException e) {
            LOG.warn("interrupted: {} is followed no more", paths);
        }
    }

    private synchronized void schedule(Duration pause) {
        if (!closed) {
            next = executor.schedule(this::lookAndSchedule, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookAndSchedule() {
        Duration pause;
        try {
            pause = look(watch.poll());
        } catch (ClosedWatchServiceException e) {
            LOG.debug("closed", e);
            return;
        }
        if (pause != null) {
            schedule(pause);
        }
    }

    /** Loads the files if they have changed and rest; returns when to look again, or null if closed. */
    private synchronized Duration look(boolean changed) {
        if (closed) {
            return null;
        }
        FileSignature now = FileSignature.of(paths);
        dirty |= changed || !now.equals(loaded);
        boolean rests = !changed && now.equals(seen);
        if (!now.equals(seen)) {
            watch.register();
        }
        seen = now;
        if (dirty && !rests) {
            return STABLE;
        }
        if (dirty || unreadable) {
            load(now);
        }
        return dirty ? STABLE : LOOK;
    }

    private void load(FileSignature before) {
        TraitRegistry fresh = null;
        InvalidRegistryException refusal = null;
        try {
            fresh = TraitRegistry.load(paths.toArray(Path[]::new));
        } catch (InvalidRegistryException e) {
            refusal = e;
        }
        dirty = !FileSignature.of(paths).equals(before);
        if (dirty) {
            // Somebody writes: what was read may be half of the old and half of the new.
            return;
        }
        loaded = before;
        // What is wrong with a file as a whole may mend without a change of the file.
        unreadable = refusal != null
                && refusal.errors().stream().anyMatch(error -> error.position().line() == 0);
        if (refusal != null) {
            refuse(refusal);
        } else {
            replace(fresh);
        }
    }

    private void replace(TraitRegistry loaded) {
        TraitRegistry fresh = loaded.after(registry);
        if (fresh.definitions().equals(registry.definitions())) {
            if (lastError != null) {
                LOG.info("registry {} is valid again, and as it was", paths);
            }
            lastError = null;
            return;
        }
        String missing = missingFrom(fresh);
        if (missing != null) {
            SourcePosition files =
                    SourcePosition.ofFile(paths.stream().map(Path::toString).collect(Collectors.joining(", ")));
            refuse(new InvalidRegistryException(List.of(new RegistryError(files, missing))));
            return;
        }
        RegistryError misfit = replaceFor(fresh);
        if (misfit != null) {
            refuse(new InvalidRegistryException(List.of(misfit)));
            return;
        }
        lastError = null;
        reloads.incrementAndGet();
        LOG.info("registry {} reloaded: {} names", paths, fresh.definitions().size());
        tell(() -> listener.reloaded(fresh));
    }

    /** Replaces the registry and moves the typed keys, or returns what a typed key has against it. */
    private RegistryError replaceFor(TraitRegistry fresh) {
        synchronized (keys) {
            RegistryError misfit = keys.check(registry, fresh);
            if (misfit == null) {
                registry = fresh;
                keys.follow(fresh);
            }
            return misfit;
        }
    }

    /** What those who use the names miss in {@code fresh}, or null. */
    private String missingFrom(TraitRegistry fresh) {
        try {
            listener.check(fresh);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            LOG.warn("a listener failed", e);
            return e.toString();
        }
    }

    private void refuse(InvalidRegistryException refusal) {
        if (refusal.getMessage().equals(lastError)) {
            return;
        }
        lastError = refusal.getMessage();
        failures.incrementAndGet();
        LOG.warn("registry {} stays as it was, since its files are refused:\n{}", paths, refusal.getMessage());
        tell(() -> listener.refused(refusal, registry));
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.warn("a listener failed", e);
        }
    }
}
