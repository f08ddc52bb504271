// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

/** The demo did not show what it is to show; the message says why. */
final class DemoFailure extends Exception {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }
}
