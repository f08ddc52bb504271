// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Says early that files may have changed. It may be wrong and may miss something: an inode that was moved away is
 * watched still, a link's target is not, and where the host has no watches left there are none. So {@link
 * FileSignature} has the last word.
 */
final class DirectoryWatch implements Closeable {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(DirectoryWatch.class);

    private final List<Path> paths;
    private final WatchService service;
    private final List<WatchKey> keys = new ArrayList<>();

    /** @param paths absolute ones */
    DirectoryWatch(List<Path> paths) {
        this.paths = paths;
        WatchService opened = null;
        try {
            opened = paths.get(0).getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("changes of {} are seen late, since there can be no watch: {}", paths, e.toString());
        }
        service = opened;
        register();
    }

    /** Watches whatever lies at the paths now, and their parents, where files and directories are renamed. */
    void register() {
        if (service == null) {
            return;
        }
        keys.forEach(WatchKey::cancel);
        keys.clear();
        for (Path path : paths) {
            watch(path);
            watch(path.getParent());
        }
    }

    private void watch(Path path) {
        if (path == null || !Files.isDirectory(path)) {
            return;
        }
        try {
            keys.add(path.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY));
        } catch (IOException e) {
            LOG.debug("cannot watch {}", path, e);
        } catch (ClosedWatchServiceException e) {
            // Closed by another thread, which wants no watch any more.
            keys.clear();
        }
    }

    /** Waits until something happened, or for that long; true if something did. */
    boolean await(Duration longest) throws InterruptedException {
        if (service == null) {
            Thread.sleep(longest.toMillis());
            return false;
        }
        return drain(service.poll(longest.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** True if something happened since the last question. */
    boolean poll() {
        return service != null && drain(service.poll());
    }

    private boolean drain(WatchKey first) {
        boolean any = false;
        for (WatchKey key = first; key != null; key = service.poll()) {
            for (WatchEvent<?> event : key.pollEvents()) {
                any |= isOurs(key, event.context());
            }
            key.reset();
        }
        return any;
    }

    /** In a shared directory such as /etc much happens that is none of our business. */
    private boolean isOurs(WatchKey key, Object name) {
        if (!(name instanceof Path child)) {
            return true;
        }
        Path directory = (Path) key.watchable();
        return paths.contains(directory.resolve(child))
                || (paths.contains(directory) && RegistryFiles.isRegistryFile(child));
    }

    @Override
    public void close() throws IOException {
        if (service != null) {
            service.close();
        }
    }
}
