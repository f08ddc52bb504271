// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

/** A configuration file is wrong; the message begins with {@code FILE:LINE}. */
final class ConfigException extends Exception {
    private static final long serialVersionUID = 1;

    ConfigException(String message) {
        super(message);
    }
}
