// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;

/**
 * The files of the claims' directory, which processes of other users may write to as well. They are opened by the directory's
 * descriptor and no link is followed (openat(2)), so that nobody who plants a link there has another process write or share a
 * file elsewhere. For whoever has the {@link ClaimLock} alone.
 */
final class ClaimDirectory implements Closeable {
    private static final String NEXT = ".next";
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OF_GROUP = PosixFilePermissions.fromString("rw-rw----");

    private final Path path;
    private final SecureDirectoryStream<Path> stream;
    private final Set<PosixFilePermission> permissions;

    private ClaimDirectory(Path path, SecureDirectoryStream<Path> stream) throws IOException {
        this.path = path;
        this.stream = stream;
        Set<PosixFilePermission> ofDirectory = stream.getFileAttributeView(PosixFileAttributeView.class)
                .readAttributes()
                .permissions();
        permissions = ofDirectory.contains(PosixFilePermission.GROUP_WRITE) ? OF_GROUP : OF_OWNER;
    }

    @SuppressWarnings("StreamResourceLeak") // Closed with what it is wrapped in.
    static ClaimDirectory open(Path path) throws IOException {
        DirectoryStream<Path> stream = Files.newDirectoryStream(path);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return new ClaimDirectory(path, secure);
        }
        stream.close();
        throw new IOException("this system has no openat(2)");
    }

    /** The first {@code most} bytes of a file; {@code null} if it is not there. */
    byte[] read(String name, int most) throws IOException {
        Path file = Path.of(name);
        try {
            if (!view(file).readAttributes().isRegularFile()) {
                throw new TraitClaimException(path.resolve(name) + " is no regular file");
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        return whatever(() -> {
            // Should it be a FIFO by now: opened for both it waits for nobody, and reading at a position fails.
            try (SeekableByteChannel in = stream.newByteChannel(file, Set.of(READ, WRITE, NOFOLLOW_LINKS))) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(in.size(), most));
                while (bytes.hasRemaining() && ((FileChannel) in).read(bytes, bytes.position()) >= 0) {
                    // Until it ends.
                }
                return Arrays.copyOf(bytes.array(), bytes.position());
            }
        });
    }

    /** Replaces a file at once by one for those who may use the directory: its group too, if that may write there. */
    void replace(String name, byte[] content) throws IOException {
        removeLeftOvers(name + NEXT);
        Path next = Path.of(name + NEXT + "." + UUID.randomUUID());
        whatever(() -> {
            try (SeekableByteChannel out = stream.newByteChannel(
                    next, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(permissions))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                return null;
            } catch (ClosedByInterruptException e) {
                stream.deleteFile(next);
                throw e;
            }
        });
        share(next);
        stream.move(next, stream, Path.of(name));
    }

    /** Gives a file of ours the permissions that the process's umask, or its death, may have kept it from having. */
    void share(String name) throws IOException {
        share(Path.of(name));
    }

    private void share(Path file) throws IOException {
        PosixFileAttributeView view = view(file);
        PosixFileAttributes now = view.readAttributes();
        if (now.isRegularFile()
                && !now.permissions().containsAll(permissions)
                && RuntimeDirectory.isOurs(now.owner())) {
            view.setPermissions(permissions);
        }
    }

    /** Of writers that were killed. */
    private void removeLeftOvers(String beginning) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path, beginning + "*")) {
            for (Path leftOver : all) {
                try {
                    stream.deleteFile(leftOver.getFileName());
                } catch (NoSuchFileException e) {
                    // Somebody else tidies up.
                }
            }
        }
    }

    private PosixFileAttributeView view(Path file) {
        return stream.getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW_LINKS);
    }

    private interface Work<T> {
        T done() throws IOException;
    }

    /** A channel closes where its thread is interrupted; then it is done again, and the thread hears of it afterwards. */
    private static <T> T whatever(Work<T> work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    return work.done();
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
