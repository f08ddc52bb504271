// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionAddress;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Remembers the connection ids that a server gives to its connections. */
final class QuicIds implements QuicConnectionIdGenerator {
    /** An id, and the id of the connection that it is a further one of. */
    private record Given(ByteBuffer id, ByteBuffer connection) {}

    private final QuicConnectionIdGenerator generator = QuicConnectionIdGenerator.randomGenerator();
    private final List<Given> given = new ArrayList<>();

    @Override
    public ByteBuffer newId(int length) {
        throw new UnsupportedOperationException();
    }

    /** Of further ones, the input is the connection's present id. */
    @Override
    public synchronized ByteBuffer newId(ByteBuffer input, int length) {
        ByteBuffer id = generator.newId(length);
        given.add(new Given(
                id.duplicate(),
                ByteBuffer.allocate(input.remaining()).put(input.duplicate()).flip()));
        return id;
    }

    @Override
    public ByteBuffer newId(ByteBuffer scid, ByteBuffer dcid, int length) {
        return newId(dcid, length);
    }

    @Override
    public int maxConnectionIdLength() {
        return generator.maxConnectionIdLength();
    }

    @Override
    public boolean isIdempotent() {
        return false;
    }

    synchronized List<ByteBuffer> of(QuicChannel connection) {
        List<ByteBuffer> ids = new ArrayList<>();
        for (Given one : given) {
            if (connection.localAddress().equals(new QuicConnectionAddress(one.id))
                    || connection.localAddress().equals(new QuicConnectionAddress(one.connection))) {
                ids.add(one.id);
            }
        }
        return ids;
    }

    /** A packet to a connection id that nobody can decrypt (RFC 9000, 17.3). */
    static ByteBuf shortHeader(ByteBuffer id) {
        byte[] noise = new byte[60];
        ThreadLocalRandom.current().nextBytes(noise);
        return Unpooled.directBuffer()
                .writeByte(0x40)
                .writeBytes(id.duplicate())
                .writeBytes(noise);
    }
}
