// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;

/**
 * Tells requests that were meant for a loopback address from those that a web page had a browser send there, after its own name
 * had become that address (DNS rebinding): these have the page's name as Host.
 */
final class AdminHost {
    private AdminHost() {}

    /** Whether every Host is an IP address or {@code localhost}, with a port or without; none at all is fine, as browsers send one. */
    static boolean isLocal(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.HOST).stream().allMatch(AdminHost::isLocal);
    }

    private static boolean isLocal(String host) {
        String name = host.replaceFirst(":[0-9]*$", "");
        if (name.startsWith("[") && name.endsWith("]")) {
            return NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1));
        }
        return name.equalsIgnoreCase("localhost") || NetUtil.isValidIpV4Address(name);
    }
}
