// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;

/** One of the {@link ConnectionFacts} as the value of a trait. */
public enum FactKind {
    /** The client's address: 4 or 16 bytes in network order. */
    PEER_ADDRESS {
        @Override
        Traits as(int key, ConnectionFacts facts) {
            return address(key, facts.peer());
        }
    },
    /** The client's port: 2 bytes in host order. */
    PEER_PORT {
        @Override
        Traits as(int key, ConnectionFacts facts) {
            return port(key, facts.peer());
        }
    },
    /** The address that the client connected to: 4 or 16 bytes in network order. */
    LOCAL_ADDRESS {
        @Override
        Traits as(int key, ConnectionFacts facts) {
            return address(key, facts.local());
        }
    },
    /** The port that the client connected to: 2 bytes in host order. */
    LOCAL_PORT {
        @Override
        Traits as(int key, ConnectionFacts facts) {
            return port(key, facts.local());
        }
    },
    /** The ALPN protocol's name, filled up with zeros to 2, 4, 8 or 16 bytes ({@code h2}, {@code http/1.1}); a longer one is not set. */
    ALPN {
        @Override
        Traits as(int key, ConnectionFacts facts) {
            if (facts.alpn() == null || facts.alpn().isEmpty()) {
                return Traits.EMPTY;
            }
            byte[] name = facts.alpn().getBytes(StandardCharsets.UTF_8);
            int length = Math.max(2, Integer.highestOneBit(2 * name.length - 1));
            return length > Traits.MAX_VALUE_LENGTH
                    ? Traits.EMPTY
                    : Traits.EMPTY.with(key, Arrays.copyOf(name, length));
        }
    },
    /** The first 16 bytes of the SHA-256 of the server name in lower case, since names are longer than values. */
    SNI_SHA256 {
        @Override
        Traits as(int key, ConnectionFacts facts) {
            if (facts.sni() == null) {
                return Traits.EMPTY;
            }
            byte[] name = facts.sni().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return Traits.EMPTY.with(key, Arrays.copyOf(sha256().digest(name), Traits.MAX_VALUE_LENGTH));
        }
    };

    /** The one trait, or none if the fact is not known. */
    abstract Traits as(int key, ConnectionFacts facts);

    private static Traits address(int key, InetSocketAddress address) {
        return address == null || address.isUnresolved()
                ? Traits.EMPTY
                : Traits.EMPTY.withAddress(key, address.getAddress());
    }

    private static Traits port(int key, InetSocketAddress address) {
        return address == null ? Traits.EMPTY : Traits.EMPTY.withShort(key, (short) address.getPort());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
