// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where cgroup v2 is mounted; that differs between machines. */
final class Cgroup2 {
    private Cgroup2() {}

    static Path root() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            // proc_pid_mountinfo(5): optional fields end with a hyphen, the mount point is the fifth of the fixed ones.
            if (line.contains(" - cgroup2 ")) {
                return Path.of(List.of(line.split(" ", -1)).get(4));
            }
        }
        throw new IllegalStateException("cgroup v2 is not mounted; mount -t cgroup2 none DIR");
    }
}
