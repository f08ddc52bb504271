// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.util.internal.NativeLibraryLoader;

/**
 * Computes the name under which Netty's {@link NativeLibraryLoader} finds our JNI library in a shaded jar.
 *
 * <p>A shaded jar has our classes, Netty's, or both behind a package prefix. The file name of each JNI library bears that
 * prefix, so that two shaded copies do not clash: {@code libmy_1app_pkttraits_datagram_x86_64.so} for {@code
 * my_app.io.pkttraits}. The loader puts Netty's prefix before the name that it is given.
 */
final class NativeLibraryName {
    // Shading tools rewrite string constants that look like names of packages. These do not.
    private static final String OUR_CLASS = "io!pkttraits!transport!internal!sys!NativeLibraryName";
    private static final String NETTY_CLASS = "io!netty!util!internal!NativeLibraryLoader";

    private NativeLibraryName() {}

    /**
     * Returns what to pass to {@link NativeLibraryLoader#load}.
     *
     * @throws UnsatisfiedLinkError if our classes, or Netty's, have been moved otherwise than behind a prefix
     */
    static String of(String library) {
        return of(library, NativeLibraryName.class.getName(), NativeLibraryLoader.class.getName());
    }

    static String of(String library, String ourClass, String nettyClass) {
        String prefix = prefix(ourClass, OUR_CLASS);
        return prefix.equals(prefix(nettyClass, NETTY_CLASS)) ? library : mangled(prefix) + library;
    }

    /** {@code "a.b."} for a class that has been moved from {@code c.D} to {@code a.b.c.D}. */
    private static String prefix(String className, String mark) {
        String original = mark.replace('!', '.');
        if (!className.endsWith(original)) {
            throw new UnsatisfiedLinkError("a shaded jar must put a prefix before the package of " + original
                    + ", so that the JNI library finds the class; it is called " + className);
        }
        return className.substring(0, className.length() - original.length());
    }

    /** As the loader itself does it, and as relocated_class.c reads it. */
    private static String mangled(String prefix) {
        return prefix.replace("_", "_1").replace('.', '_');
    }
}
