// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.handler.codec.http.HttpHeaders;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.TraitFieldCodec;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the field {@code Packet-Traits} out of the requests of one client, and reads it if the client is believed. */
public final class FieldReader {
    private static final Logger LOG = LoggerFactory.getLogger(FieldReader.class);

    private final SocketAddress client;
    private final HopMerge merge;
    private final boolean believed;

    public FieldReader(HopConfig config, SocketAddress client) {
        this.client = client;
        merge = config.merge();
        believed = config.fieldFrom().contains(client);
    }

    /**
     * Removes the field from a request's headers, whoever sent it.
     *
     * @param connection the traits of the client's connection
     * @return the request's: those of the connection and of the field, or {@code null} if these contradict each other
     */
    public Traits take(HttpHeaders headers, Traits connection) {
        String value = believed ? PacketTraitsField.valueOf(headers) : null;
        boolean removed = PacketTraitsField.removeFrom(headers);
        if (value == null) {
            if (removed) {
                HopCounter.FIELD_REMOVED.increment();
            }
            return connection;
        }
        try {
            Traits merged = merge.apply(connection, TraitFieldCodec.decode(value));
            (merged == null ? HopCounter.FIELD_CONFLICT : HopCounter.FIELD_READ).increment();
            return merged;
        } catch (MalformedTraitsException e) {
            HopCounter.FIELD_MALFORMED.increment();
            LOG.debug("{}: field {}: {}", client, TraitFieldCodec.NAME, e.getMessage());
            return connection;
        }
    }
}
