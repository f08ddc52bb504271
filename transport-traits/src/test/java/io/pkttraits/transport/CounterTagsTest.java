// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Errors;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.internal.carrier.NativeTransport;
import io.pkttraits.transport.internal.sys.Errno;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CounterTagsTest {
    @BeforeAll
    static void errorNumbersAreNative() {
        assertNull(NativeTransport.load());
    }

    private static String part(CounterTags parts, Object subject, Throwable cause) {
        return parts.names().get(parts.of(subject, cause));
    }

    @Test
    void transportIsThatOfTheChannelsClass() {
        class EpollLikeChannel {}
        class IOUringLikeChannel {}
        assertEquals("epoll", part(CounterTags.TRANSPORT, new EpollLikeChannel(), null));
        assertEquals("epoll", part(CounterTags.TRANSPORT, new EpollLikeChannel() {}, null));
        assertEquals("io_uring", part(CounterTags.TRANSPORT, new IOUringLikeChannel(), null));
        assertEquals("other", part(CounterTags.TRANSPORT, new Object(), null));
        assertEquals("other", part(CounterTags.TRANSPORT, "text", null));
        assertEquals("other", part(CounterTags.TRANSPORT, null, null));
    }

    @Test
    void errnoIsTheKernelsOrNone() {
        assertEquals(
                "EMSGSIZE",
                part(
                        CounterTags.ERRNO,
                        null,
                        TraitsException.failed(CarrierType.IP_OPTION, Errno.EMSGSIZE, "why", null)));
        assertEquals(
                "none", part(CounterTags.ERRNO, null, TraitsException.refused(CarrierType.IP_OPTION, 4, "too large")));
        IOException eperm = Errors.newIOException("setsockopt", -Errno.EPERM);
        assertEquals("EPERM", part(CounterTags.ERRNO, null, eperm));
        assertEquals("none", part(CounterTags.ERRNO, null, new IOException("of no known number")));
        assertEquals("none", part(CounterTags.ERRNO, null, null));
    }

    @Test
    void errnoThatTraitsNeverMeetIsOther() {
        TraitsException odd = TraitsException.failed(CarrierType.KERNEL, 4242, "why", null);
        assertEquals("other", part(CounterTags.ERRNO, null, odd));
    }

    @Test
    void causeIsWhatTheCodecDislikes() {
        MalformedTraitsException cut = assertThrows(
                MalformedTraitsException.class,
                () -> TraitTlvCodec.decode(Unpooled.wrappedBuffer(new byte[] {4, 4, 1})));
        assertEquals("truncated", part(CounterTags.CAUSE, null, cut));
        assertEquals("framing", part(CounterTags.CAUSE, null, null));
    }
}
