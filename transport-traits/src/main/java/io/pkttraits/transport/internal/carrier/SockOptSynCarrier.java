// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.PktTraitCodec;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.Errno;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Carries traits with the RFC's socket API, which a kernel implements, or BPF programs answer. */
public final class SockOptSynCarrier implements SynCarrier {
    /** Room for values: headroom 256 - 40 (xdp_frame) - 16 (store header), in bytes. */
    public static final int MAX_VALUES_LENGTH = 200;

    private static final SizeLimit ROOM = new SizeLimit("the headroom for values", MAX_VALUES_LENGTH, 0);
    private static final int ALL_KEYS_LENGTH = Traits.MAX_KEYS * PktTraitCodec.LENGTH;

    private final TraitsNumbers.Tcp numbers;
    private final SupportedLengths sizes;
    /** A get names the keys it wants in the buffer that it fills, so each one starts from this: all of them. */
    private final byte[] allKeys = new byte[ALL_KEYS_LENGTH];

    SockOptSynCarrier(TraitsNumbers.Tcp numbers, SupportedLengths sizes) {
        this.numbers = numbers;
        this.sizes = sizes;
        ByteBuf request = SockOptBuffer.get().bytes();
        PktTraitCodec.encodeKeys(-1L, request);
        request.readBytes(allKeys);
    }

    @Override
    public CarrierType type() {
        return numbers.type();
    }

    @Override
    public SocketOption saveOption() {
        return numbers.saveSynTraits();
    }

    @Override
    public Traits readSyn(Socket accepted, Object subject) {
        SockOptBuffer buffer = SockOptBuffer.get();
        ByteBuf elements = buffer.bytes();
        elements.writeBytes(allKeys);
        Exception failure = null;
        try {
            // If saving was off, the kernel writes nothing. The elements then stay as requested: absent.
            buffer.get(accepted, numbers.synTraits(), ALL_KEYS_LENGTH);
        } catch (IOException | ChannelException e) {
            failure = e;
        }
        if (failure != null && Errno.of(failure) != Errno.EIO) {
            Counts.incrementAndLogFirst(TraitsCounter.READ_ERROR, subject, failure);
            return Traits.EMPTY;
        }
        // Nothing may be logged before this is done: a log appender may use this thread's buffer.
        boolean failedElements = failure != null || PktTraitCodec.firstError(elements) >= 0;
        try {
            Traits traits = PktTraitCodec.decode(elements);
            if (failedElements) {
                Counts.incrementAndLogFirst(TraitsCounter.READ_ERROR, subject, failure);
            }
            if (!traits.isEmpty()) {
                Counts.increment(TraitsCounter.SYN_READ, subject);
            } else if (failedElements) {
                Counts.increment(TraitsCounter.SYN_ABSENT, subject);
            } else {
                AbsentSyn.count(numbers.saveSynTraits(), accepted, subject, TraitsCounter.SYN_ABSENT);
            }
            return traits;
        } catch (MalformedTraitsException e) {
            Counts.incrementAndLogFirst(TraitsCounter.MALFORMED, subject, e);
            return Traits.EMPTY;
        }
    }

    @Override
    public void prepareConnect(Socket socket, InetSocketAddress remote, Traits traits) throws TraitsException {
        requireFits(type(), traits);
        sizes.require(type(), traits);
        SockOptBuffer buffer = SockOptBuffer.get();
        PktTraitCodec.encode(traits, buffer.bytes());
        try {
            buffer.set(socket, numbers.synTraits());
        } catch (IOException | ChannelException e) {
            int errno = Errno.of(e);
            if (errno != Errno.EIO) {
                throw TraitsException.failed(
                        type(), errno, "cannot set traits " + WithoutValues.of(traits) + ": " + e.getMessage(), e);
            }
            throw culprit(socket, traits, buffer.bytes(), e);
        }
    }

    @Override
    public void connected(Socket socket, InetSocketAddress remote) {
        // The kernel itself puts them only on the SYN.
    }

    static void requireFits(CarrierType carrier, Traits traits) throws TraitsException {
        ROOM.require(carrier, traits);
    }

    /**
     * After EIO, finds the element that failed: by {@code io_err}, if the kernel wrote it back, otherwise by setting
     * each element alone. Setting one again that is set already changes nothing.
     */
    private TraitsException culprit(Socket socket, Traits traits, ByteBuf elements, Throwable eio) {
        int failed = PktTraitCodec.firstError(elements);
        if (failed >= 0) {
            int key = PktTraitCodec.key(elements, failed);
            return failedKey(key, traits.length(key), PktTraitCodec.ioErr(elements, failed), eio);
        }
        SockOptBuffer buffer = SockOptBuffer.get();
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            buffer.bytes().clear();
            PktTraitCodec.encode(traits.only(1L << key), buffer.bytes());
            try {
                buffer.set(socket, numbers.synTraits());
            } catch (IOException | ChannelException e) {
                return failedKey(key, traits.length(key), Errno.of(e), e);
            }
        }
        return failedKey(TraitsException.NO_KEY, traits.valuesLength(), Errno.EIO, eio);
    }

    private TraitsException failedKey(int key, int length, int errno, Throwable cause) {
        return TraitsException.failedKey(
                type(),
                key,
                errno,
                "cannot set trait " + (key < 0 ? "(unknown key)" : key) + " of " + length + " bytes: errno " + errno,
                cause);
    }
}
