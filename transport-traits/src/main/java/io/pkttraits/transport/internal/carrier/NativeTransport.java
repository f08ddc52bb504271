// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import java.lang.reflect.InvocationTargetException;

/**
 * Loads one of Netty's native transports, because {@link io.netty.channel.unix.Socket} has its native methods from the
 * first one that is loaded. Finds it by name, because a server's class path has only the transports that it uses.
 */
public final class NativeTransport {
    private static final String[] ENTRY_CLASSES = {
        "io.netty.channel.epoll.Epoll", "io.netty.channel.uring.IoUring", "io.netty.incubator.channel.uring.IOUring"
    };

    private NativeTransport() {}

    /** Makes sure that a transport is loaded. Returns {@code null}, or why there is none. */
    public static String load() {
        StringBuilder reasons = new StringBuilder("no native transport of Netty for Linux could be loaded");
        for (String entry : ENTRY_CLASSES) {
            String reason = load(entry);
            if (reason == null) {
                return null;
            }
            reasons.append("; ").append(entry).append(": ").append(reason);
        }
        return reasons.append(
                        "; put netty-transport-native-epoll or -io_uring with the classifier of this machine on the class path")
                .toString();
    }

    private static String load(String entry) {
        try {
            Class<?> type = Class.forName(entry);
            Throwable cause = (Throwable) type.getMethod("unavailabilityCause").invoke(null);
            return cause == null ? null : cause.toString();
        } catch (ClassNotFoundException e) {
            return "not on the class path";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            return e.toString();
        }
    }
}
