// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On a mainline kernel the RFC's four numbers are other options (SOL_TCP 44, 45; SOL_SOCKET 82, 83). By the system calls
 * of a whole process: they are tried on sockets that are closed again at once, and never on one that is or becomes a
 * user's.
 */
@Tag("netty-4.2")
@Tag("slow")
final class CollidingNumbersTest {
    private static final Pattern CALL =
            Pattern.compile("(\\w+)\\((\\d+)(?:, (\\w+), (0x\\w+|\\w+))?.*?(?:= (-?\\d+).*)?");
    private static final Set<String> TCP = Set.of("44", "45", "0x2c", "0x2d", "TCP_RTO_MAX_MS", "TCP_RTO_MIN_US");
    private static final Set<String> SOCKET = Set.of("82", "83", "0x52", "0x53", "SO_RCVPRIORITY", "SO_PASSRIGHTS");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"auto, bpf, {4=0x0102}", "ip-option, ip-option, {4=0x0102}", "kernel, none, {}"})
    void numbersThatCollideAreTriedOnThrowAwaySocketsAlone(String wish, String carrier, String traits)
            throws Exception {
        Path log = directory.resolve("strace");
        ChildJvm jvm = new ChildJvm()
                .under("strace", "-f", "-qq", "-o", log.toString(), "-e", "trace=setsockopt,close,bind,connect,accept4")
                .property("io.pkttraits.carrier", wish);
        String output = jvm.run(CollidingNumbersMain.class);
        assertTrue(output.contains("carrier=" + carrier + "\ntraits=" + traits), output);
        List<String> calls = Files.readAllLines(log);
        assertEquals(List.of(), onUsersSockets(calls));
        // The probe of the carrier kernel, so that the test is known to see what it looks for.
        long probes = calls.stream().filter(CollidingNumbersTest::collides).count();
        assertEquals(wish.equals("ip-option") ? 0 : 1, probes, () -> String.join("\n", calls));
    }

    @Test
    void callOnASocketThatIsOrBecomesAUsersIsFound() {
        String set = "7 setsockopt(9, SOL_TCP, 0x2c /* TCP_??? */, [1], 4) = 0";
        assertEquals(List.of(), onUsersSockets(List.of(set, "7 close(9) = 0", "7 connect(9, {x}, 16) = 0")));
        assertEquals(List.of(set), onUsersSockets(List.of(set, "7 connect(9, {x}, 16) = -1 EINPROGRESS")));
        assertEquals(List.of(set), onUsersSockets(List.of(set, "7 bind(9, {x}, 16) = 0")));
        assertEquals(List.of(set), onUsersSockets(List.of("7 bind(9, {x}, 16) = 0", set)));
        assertEquals(List.of(set), onUsersSockets(List.of("7 accept4(5, {x}, [16], SOCK_CLOEXEC) = 9", set)));
        String priority = "7 setsockopt(9, SOL_SOCKET, 0x52 /* SO_??? */, [1], 4) = 0";
        assertEquals(List.of(priority), onUsersSockets(List.of("7 bind(9, {x}, 16) = 0", priority)));
    }

    private static List<String> onUsersSockets(List<String> calls) {
        List<String> found = new ArrayList<>();
        Set<String> users = new HashSet<>();
        List<String> pending = new ArrayList<>();
        for (String line : calls) {
            Matcher call = call(line);
            if (call == null) {
                continue;
            }
            String fd = call.group(2);
            switch (call.group(1)) {
                case "bind", "connect" -> {
                    users.add(fd);
                    pending.stream()
                            .filter(set -> call(set).group(2).equals(fd))
                            .forEach(found::add);
                }
                case "accept4" -> users.add(call.group(5));
                case "close" -> {
                    users.remove(fd);
                    pending.removeIf(set -> call(set).group(2).equals(fd));
                }
                default -> {
                    if (collides(line)) {
                        (users.contains(fd) ? found : pending).add(line);
                    }
                }
            }
        }
        return found;
    }

    private static boolean collides(String line) {
        Matcher call = call(line);
        return call != null
                && call.group(1).equals("setsockopt")
                && ((call.group(3).equals("SOL_TCP") && TCP.contains(call.group(4)))
                        || (call.group(3).equals("SOL_SOCKET") && SOCKET.contains(call.group(4))));
    }

    /** A line of {@code strace -f -o}: process id, call, result. */
    private static Matcher call(String line) {
        Matcher call = CALL.matcher(line.replaceFirst("^\\d+ +", ""));
        return call.matches() ? call : null;
    }
}
