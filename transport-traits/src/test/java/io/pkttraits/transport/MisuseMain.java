// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/** Commits a misuse twice and prints what was counted by then and logged meanwhile. */
final class MisuseMain {
    private MisuseMain() {}

    public static void main(String[] args) throws Exception {
        CapturedLog.begin();
        Misuse misuse = Misuse.valueOf(args[0]);
        TestTransport transport = TestTransport.all().stream()
                .filter(candidate -> candidate.toString().equals(args[1]))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < 2; i++) {
            misuse.commit(transport);
            System.out.println("counted " + misuse.counter.get());
        }
        for (TraitsCounter counter : TraitsCounter.values()) {
            if (counter.get() != 0) {
                System.out.println("counter " + counter);
            }
        }
        System.exit(0); // Event loops of the incubator's io_uring can hang in shutting down.
    }
}
