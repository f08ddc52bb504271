// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.pkttraits.codec.Traits;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * What makes two upstream connections interchangeable: where they lead, and the traits that their SYN carried. The traits of
 * a connection cannot change once it is open, so a connection may only serve requests of an equal key.
 *
 * @param remote the address to connect to
 * @param traits the traits of the SYN, {@link Traits#EMPTY} for none
 */
public record UpstreamKey(SocketAddress remote, Traits traits) {
    public UpstreamKey {
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(traits, "traits");
    }
}
