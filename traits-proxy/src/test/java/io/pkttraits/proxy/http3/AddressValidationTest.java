// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddressValidationTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4242);
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    private final List<EmbeddedChannel> handshakes = new ArrayList<>();
    private long now = 1_000_000;
    private final AddressValidation validation = new AddressValidation(() -> now);

    @BeforeEach
    void manyHandshakes() {
        for (int i = 0; i < AddressValidation.UNVALIDATED_HANDSHAKES; i++) {
            EmbeddedChannel connection = new EmbeddedChannel();
            validation.onHandshake(connection);
            handshakes.add(connection);
        }
    }

    @Test
    void asksForATokenWhileManyHandshakesAreUnfinishedAlone() {
        assertTrue(validation.writeToken(Unpooled.buffer(), Unpooled.wrappedBuffer(ID), CLIENT));
        validation.onHandshakeDone(handshakes.get(0));
        validation.onHandshakeDone(handshakes.get(0));
        assertFalse(validation.writeToken(Unpooled.buffer(), Unpooled.wrappedBuffer(ID), CLIENT));
        validation.onHandshake(new EmbeddedChannel());
        assertTrue(validation.writeToken(Unpooled.buffer(), Unpooled.wrappedBuffer(ID), CLIENT));
        handshakes.get(1).close();
        handshakes.get(0).close();
        assertFalse(validation.writeToken(Unpooled.buffer(), Unpooled.wrappedBuffer(ID), CLIENT));
    }

    @Test
    void tokenEndsWithTheIdThatItIsFor() {
        ByteBuf token = token();
        int offset = validation.validateToken(token, CLIENT);
        assertEquals(ByteBufUtil.hexDump(ID), ByteBufUtil.hexDump(token, offset, token.readableBytes() - offset));
        assertTrue(token.readableBytes() <= validation.maxTokenLength());
    }

    @Test
    void tokenIsOfNoUseToAnotherAddressOrPort() {
        assertEquals(-1, validation.validateToken(token(), new InetSocketAddress("192.0.2.2", 4242)));
        assertEquals(-1, validation.validateToken(token(), new InetSocketAddress("192.0.2.1", 4243)));
    }

    @Test
    void tokenExpires() {
        ByteBuf token = token();
        now += AddressValidation.LIFETIME_NANOS;
        assertTrue(validation.validateToken(token, CLIENT) > 0);
        now++;
        assertEquals(-1, validation.validateToken(token, CLIENT));
    }

    @Test
    void changedOrCutTokenIsRefused() {
        ByteBuf token = token();
        for (int i = 0; i < token.readableBytes(); i++) {
            ByteBuf changed = token.copy();
            changed.setByte(i, changed.getByte(i) ^ 1);
            assertEquals(-1, validation.validateToken(changed, CLIENT), "byte " + i);
            assertEquals(-1, validation.validateToken(token.slice(0, i), CLIENT), "length " + i);
        }
        assertEquals(
                -1,
                validation.validateToken(
                        Unpooled.wrappedBuffer(token, Unpooled.buffer(64).writeZero(64)), CLIENT));
    }

    @Test
    void tokenOfAnotherProcessIsRefused() {
        assertEquals(-1, new AddressValidation(() -> now).validateToken(token(), CLIENT));
    }

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertTrue(validation.writeToken(token, Unpooled.wrappedBuffer(ID), CLIENT));
        return token;
    }
}
