// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address as written on a command line: {@code 127.0.0.1:8080}, {@code example.org:80} or {@code [::1]:8080}.
 *
 * @param host a name or an address literal, without brackets
 * @param port 0..65535
 */
public record HostPort(String host, int port) {

    /** Reads HOST:PORT; throws {@link IllegalArgumentException} that says what is wrong. */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw malformed(text, "no port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw malformed(text, "only an IPv6 address goes in brackets");
            }
        } else if (host.indexOf(':') >= 0) {
            throw malformed(text, "an IPv6 address goes in brackets");
        }
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '[' || c == ']')) {
            throw malformed(text, "no valid host");
        }
        return new HostPort(host, parsePort(text, text.substring(colon + 1)));
    }

    /** Reads it back from a socket address. */
    public static HostPort of(InetSocketAddress address) {
        return new HostPort(NetUtil.toAddressString(address.getAddress()), address.getPort());
    }

    /** Looks the host up. */
    public InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** The same for an option of the command line, which the message of the exception names. */
    public InetSocketAddress resolve(String option) throws IOException {
        try {
            return resolve();
        } catch (UnknownHostException e) {
            throw new IOException(option + ": host " + host + " is not known", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }

    private static int parsePort(String text, String port) {
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(text, "the port is not a number of 0..65535");
        }
        int number = Integer.parseInt(port);
        if (number > 0xffff) {
            throw malformed(text, "the port is not a number of 0..65535");
        }
        return number;
    }

    private static IllegalArgumentException malformed(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is not HOST:PORT: " + why);
    }
}
