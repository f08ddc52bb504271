// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.pkttraits.proxy.net.ClientNetwork;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PendingSharesTest {
    private static final ClientNetwork A = new ClientNetwork(1);
    private static final ClientNetwork B = new ClientNetwork(2);

    @Test
    void oneClientsShareIsNoOtherClients() {
        PendingShares shares = new PendingShares(2);
        assertFalse(shares.isFull(A));
        shares.add(A);
        assertFalse(shares.isFull(A));
        shares.add(A);
        assertTrue(shares.isFull(A));
        assertFalse(shares.isFull(B));
        shares.remove(A);
        assertFalse(shares.isFull(A));
    }

    @Test
    void clientsThatWaitForNothingAreForgotten() {
        PendingShares shares = new PendingShares(300);
        Map<ClientNetwork, Integer> expected = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            ClientNetwork client = new ClientNetwork(random.nextInt(20));
            int count = expected.getOrDefault(client, 0);
            assertEquals(count >= 300, shares.isFull(client));
            if (count > 0 && (count == 300 || random.nextBoolean())) {
                shares.remove(client);
                expected.put(client, count - 1);
            } else {
                shares.add(client);
                expected.put(client, count + 1);
            }
            expected.remove(client, 0);
            assertEquals(expected.size(), shares.clients());
        }
        expected.forEach((client, count) -> {
            for (int i = 0; i < count; i++) {
                shares.remove(client);
            }
        });
        assertEquals(0, shares.clients());
    }

    @Test
    void refusalNamesTheClientAndItsCount() {
        PendingShares shares = new PendingShares(1);
        ClientNetwork client = ClientNetwork.of(new java.net.InetSocketAddress("192.0.2.7", 80));
        shares.add(client);
        assertEquals(
                "1 requests of 192.0.2.7 wait already for a connection, as many as one client may have",
                shares.refusal(client).getMessage());
    }

    @Test
    void askingAllocatesNothing() {
        PendingShares shares = new PendingShares(1);
        for (int i = 0; i < 200; i += 2) {
            shares.add(new ClientNetwork(i));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        int full = 0;
        for (int round = 0; round < 10; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 1000; i++) {
                full += shares.isFull(A) || shares.isFull(B) ? 1 : 0;
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertEquals(10_000, full);
        assertTrue(least < 1000, "bytes in 1000 calls: " + least);
    }
}
