// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The locks of one directory's claims, which the kernel ends with their process: bytes of the file {@code lock}.
 *
 * <pre>
 *   byte 0       whoever reads or writes the table
 *   byte 1 + n   whoever holds the claim in slot n
 * </pre>
 *
 * <p>POSIX takes all of a process's locks on a file when the process closes any descriptor of that file (fcntl(2)). So
 * there is one channel for each directory in this JVM, it is never closed, and no method is called on it that closes it
 * when its thread is interrupted.
 */
final class ClaimLock {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(ClaimLock.class);
    private static final String FILE = "lock";
    private static final long FIRST_SLOT = 1;
    private static final Map<Path, ClaimLock> OPEN = new HashMap<>();

    private final ReentrantLock thread = new ReentrantLock();
    private final Path file;
    private final FileChannel channel;
    private final Object fileKey;

    private ClaimLock(Path file, FileChannel channel, Object fileKey) {
        this.file = file;
        this.channel = channel;
        this.fileKey = fileKey;
    }

    /** The lock of a directory, which is there. */
    static ClaimLock of(Path directory) throws IOException {
        Path file = directory.toRealPath().resolve(FILE);
        synchronized (OPEN) {
            ClaimLock lock = OPEN.get(file);
            if (lock == null || !lock.isInPlace()) {
                if (lock != null) {
                    LOG.warn(
                            "{} was removed or replaced: others do not see this process's claims in it any more", file);
                }
                lock = open(file);
                OPEN.put(file, lock);
            }
            return lock;
        }
    }

    private static ClaimLock open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE, NOFOLLOW_LINKS);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            channel.close();
            throw new TraitClaimException(file + " is no regular file");
        }
        // Its maker may have been killed before it was shared.
        try (ClaimDirectory files = ClaimDirectory.open(file.getParent())) {
            files.share(FILE);
        }
        return new ClaimLock(file, channel, fileKey(file));
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Whether the file is still the one that we have open. */
    private boolean isInPlace() throws IOException {
        return Files.exists(file, NOFOLLOW_LINKS) && Objects.equals(fileKey(file), fileKey);
    }

    /** Keeps all others, of this process too, from the table until {@link #unlock}. */
    FileLock lock(Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        thread.lock();
        try {
            boolean interrupted = false;
            try {
                while (true) {
                    FileLock lock = tryLock(0);
                    if (lock != null) {
                        return checked(lock);
                    }
                    if (System.nanoTime() - end > 0) {
                        throw new TraitClaimException(file + " has been locked by another process for "
                                + longest.toSeconds() + " s: is one stopped?");
                    }
                    // Parking returns at once while the thread is interrupted.
                    interrupted |= Thread.interrupted();
                    LockSupport.parkNanos(1_000_000);
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    private FileLock checked(FileLock lock) throws IOException {
        if (!isInPlace()) {
            lock.release();
            throw new TraitClaimException(file + " was removed or replaced while it was in use");
        }
        return lock;
    }

    void unlock(FileLock lock) throws IOException {
        try {
            lock.release();
        } finally {
            thread.unlock();
        }
    }

    /** Takes a slot, or returns null if anybody has it. */
    Slot tryAcquire(int slot) throws IOException {
        FileLock lock = tryLock(FIRST_SLOT + slot);
        return lock == null ? null : new Slot(slot, lock);
    }

    /** Whether a process has the slot, be it this one. */
    boolean isHeld(int slot) throws IOException {
        FileLock lock = tryLock(FIRST_SLOT + slot);
        if (lock == null) {
            return true;
        }
        lock.release();
        return false;
    }

    private FileLock tryLock(long position) throws IOException {
        try {
            return channel.tryLock(position, 1, false);
        } catch (OverlappingFileLockException e) {
            // Held by this JVM, by another class loader's copy of this class perhaps.
            return null;
        }
    }

    /** A slot that this process has. */
    record Slot(int number, FileLock lock) {}
}
