// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

/** Something that the command line asked for by name is not to be had on this machine; the message says why. */
public final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public UnavailableException(String message) {
        super(message);
    }
}
