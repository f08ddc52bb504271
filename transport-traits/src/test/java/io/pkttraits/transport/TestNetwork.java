// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Two network namespaces with a veth between them: hosts of the test's own. Needs root. */
public final class TestNetwork implements AutoCloseable {
    public static final String SERVER_IPV4 = "10.8.1.1";
    public static final String CLIENT_IPV4 = "10.8.1.2";
    public static final String SERVER_IPV6 = "fd08:1::1";
    static final String CLIENT_IPV6 = "fd08:1::2";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "jt" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    public TestNetwork() throws Exception {
        sh("ip netns add " + server());
        sh("ip netns add " + client());
        sh("ip -n " + server() + " link add veth0 type veth peer name veth0 netns " + client());
        up(server(), SERVER_IPV4, SERVER_IPV6);
        up(client(), CLIENT_IPV4, CLIENT_IPV6);
    }

    private static void up(String namespace, String ipv4, String ipv6) throws Exception {
        String ip = "ip -n " + namespace;
        sh(ip + " link set lo up && " + ip + " link set veth0 up && " + ip + " addr add " + ipv4 + "/24 dev veth0 && "
                + ip + " addr add " + ipv6 + "/64 dev veth0 nodad");
    }

    public String server() {
        return name + "s";
    }

    public String client() {
        return name + "c";
    }

    /** A JVM on one of the hosts. */
    public ChildJvm on(String namespace) {
        return new ChildJvm().under("ip", "netns", "exec", namespace);
    }

    /** Lets the server's host accept source routes, as no host does by itself. */
    void acceptSourceRoutes() throws Exception {
        String conf = "/proc/sys/net/ipv4/conf/";
        sh("ip netns exec " + server() + " sh -c 'echo 1 > " + conf + "all/accept_source_route; echo 1 > " + conf
                + "veth0/accept_source_route'");
    }

    /** Has the server's host merge what comes over the wire, where the client's does not send it merged. */
    public void mergeDatagramsAtTheServer() throws Exception {
        sh("ip netns exec " + server() + " ethtool -K veth0 gro on rx-udp-gro-forwarding on");
        sh("ip netns exec " + client() + " ethtool -K veth0 tx-udp-segmentation off");
    }

    public static void sh(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    @Override
    public void close() {
        try {
            sh("ip netns del " + server() + "; ip netns del " + client());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
