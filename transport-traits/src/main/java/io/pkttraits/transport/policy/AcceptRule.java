// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.transport.PeerNetworks;
import java.net.InetSocketAddress;

/**
 * Which keys are accepted of some peers.
 *
 * @param peers of whom; {@code null} for everybody
 * @param keys as a bit mask
 */
record AcceptRule(PeerNetworks peers, long keys) {
    boolean isAbout(InetSocketAddress peer) {
        return peers == null || peers.contains(peer);
    }
}
