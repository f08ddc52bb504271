// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decides when a client of QUIC has to show by a Retry that it gets what is sent to its address (RFC 9000 section 8.1.2): not
 * while few handshakes are unfinished, so that clients need no further round trip, but as soon as they are many, so that forged
 * addresses cannot make the proxy keep state for each. (What is sent to an address that is not validated is bounded by the codec.)
 *
 * <p>A token is a time (8 bytes, in nanoseconds), HMAC-SHA256 (32 bytes) of time, port, address and id, and the id, which is the one
 * that the client had chosen for the connection. The key is made anew by each process.
 *
 * <p>Confined to an event loop.
 */
final class AddressValidation implements QuicTokenHandler {
    static final int UNVALIDATED_HANDSHAKES = 64;
    static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final AttributeKey<Boolean> DONE = AttributeKey.valueOf(AddressValidation.class, "DONE");
    private static final String HMAC = "HmacSHA256";
    private static final int MAC_OFFSET = Long.BYTES;
    private static final int MAC_LENGTH = 32;
    private static final int ID_OFFSET = MAC_OFFSET + MAC_LENGTH;

    private final Mac mac;
    private final LongSupplier clock;
    private int handshakes;

    /** @param clock nanoseconds, as {@link System#nanoTime} has them */
    AddressValidation(LongSupplier clock) {
        this.clock = clock;
        byte[] key = new byte[MAC_LENGTH];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** A connection's handshake has begun. */
    void onHandshake(Channel connection) {
        handshakes++;
        connection.closeFuture().addListener(future -> onHandshakeDone(connection));
    }

    /** It has ended; further calls for the connection change nothing. */
    void onHandshakeDone(Channel connection) {
        if (connection.attr(DONE).getAndSet(true) == null) {
            handshakes--;
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        if (handshakes < UNVALIDATED_HANDSHAKES) {
            return false;
        }
        long time = clock.getAsLong();
        byte[] id = ByteBufUtil.getBytes(dcid);
        out.writeLong(time).writeBytes(sign(time, address, id)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int start = token.readerIndex();
        int idLength = token.readableBytes() - ID_OFFSET;
        if (idLength < 0 || idLength > Quic.MAX_CONN_ID_LEN) {
            return -1;
        }
        long time = token.getLong(start);
        byte[] claimed = ByteBufUtil.getBytes(token, start + MAC_OFFSET, MAC_LENGTH);
        byte[] id = ByteBufUtil.getBytes(token, start + ID_OFFSET, idLength);
        boolean genuine = MessageDigest.isEqual(claimed, sign(time, address, id));
        return genuine && clock.getAsLong() - time <= LIFETIME_NANOS ? ID_OFFSET : -1;
    }

    @Override
    public int maxTokenLength() {
        return ID_OFFSET + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] sign(long time, InetSocketAddress address, byte[] id) {
        mac.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(time)
                .putInt(address.getPort())
                .flip());
        byte[] ip = address.getAddress().getAddress();
        mac.update((byte) ip.length);
        mac.update(ip);
        return mac.doFinal(id);
    }
}
