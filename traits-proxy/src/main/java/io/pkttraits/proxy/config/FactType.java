// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitType;
import io.pkttraits.transport.policy.FactKind;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Which types of the registry the value of a connection's fact can be of. */
final class FactType {
    private FactType() {}

    /**
     * Throws {@link IllegalArgumentException} if a fact's value is not what the registry says of its key.
     *
     * @param definition of the key, {@code null} if the registry has none
     */
    static void check(FactKind fact, TraitDefinition definition) {
        if (definition == null) {
            return;
        }
        Set<TraitType> types = switch (fact) {
            case PEER_ADDRESS, LOCAL_ADDRESS -> EnumSet.of(TraitType.IPV4, TraitType.IPV6, TraitType.BYTES);
            case PEER_PORT, LOCAL_PORT -> EnumSet.of(TraitType.U16);
            case ALPN -> EnumSet.of(TraitType.BYTES);
            case SNI_SHA256 -> EnumSet.of(TraitType.BYTES, TraitType.UUID);
        };
        if (!types.contains(definition.type())) {
            throw new IllegalArgumentException("is of type " + definition.type().id() + ", and that fact of "
                    + types.stream().map(TraitType::id).collect(Collectors.joining(" or ")));
        }
        if (definition.type().isNumber() && definition.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("is in network order, and that fact in host order");
        }
    }
}
