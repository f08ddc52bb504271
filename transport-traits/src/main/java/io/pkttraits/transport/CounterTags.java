// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelException;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.transport.internal.sys.Errno;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * By what a {@link TraitsCounter} is split into parts. How many parts there are is known when the class is loaded, so that what
 * peers and kernels do cannot make more of them.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are
enum CounterTags {
    /** Not split. */
    ONE(null, List.of("")) {
        @Override
        int of(Object subject, Throwable cause) {
            return 0;
        }
    },
    /** By the transport of the channel that it is about. */
    TRANSPORT("transport", List.of("epoll", "io_uring", "other")) {
        @Override
        int of(Object subject, Throwable cause) {
            return subject == null
                    ? names().size() - 1
                    : TransportOfClass.PARTS.get(subject.getClass()).part();
        }
    },
    /** By the number of the kernel's error; {@code none} where the kernel was not asked, or its error is not known. */
    ERRNO("errno", Errors.NAMES) {
        @Override
        int of(Object subject, Throwable cause) {
            return Errors.part(cause);
        }
    },
    /** By what broke the format; {@code framing} where that is what is around the set. */
    CAUSE("cause", Reasons.NAMES) {
        @Override
        int of(Object subject, Throwable cause) {
            return Reasons.part(cause);
        }
    };

    private final String tag;
    private final List<String> names;

    CounterTags(String tag, List<String> names) {
        this.tag = tag;
        this.names = names;
    }

    /** What the names of the parts are of; {@code null} for {@link #ONE}. */
    String tag() {
        return tag;
    }

    List<String> names() {
        return names;
    }

    /** The index of the part that counts what happened: to {@code subject}, because of {@code cause}; both may be {@code null}. */
    abstract int of(Object subject, Throwable cause);

    /** Found once for each class of channels, by the names that Netty's and ours begin with. */
    private record TransportOfClass(int part) {
        static final ClassValue<TransportOfClass> PARTS = new ClassValue<>() {
            @Override
            protected TransportOfClass computeValue(Class<?> type) {
                for (Class<?> c = type; c != null; c = c.getSuperclass()) {
                    String name = c.getSimpleName().toLowerCase(Locale.ROOT);
                    if (name.startsWith("epoll")) {
                        return new TransportOfClass(0);
                    }
                    if (name.startsWith("iouring")) {
                        return new TransportOfClass(1);
                    }
                }
                return new TransportOfClass(2);
            }
        };
    }

    /** What codecs dislike, and one name for what is around a set. */
    private static final class Reasons {
        private static final MalformedTraitsException.Reason[] ALL = MalformedTraitsException.Reason.values();
        static final List<String> NAMES = Stream.concat(
                        Stream.of(ALL).map(reason -> reason.name().toLowerCase(Locale.ROOT)), Stream.of("framing"))
                .toList();

        static int part(Throwable cause) {
            int part = ALL.length;
            if (cause instanceof MalformedTraitsException malformed) {
                for (part = 0; ALL[part] != malformed.reason(); ) {
                    part++;
                }
            }
            return part;
        }
    }

    /** The errors that sockets answer to traits (errno(3)), and one name for all others. */
    private static final class Errors {
        private static final int[] NUMBERS = {
            0,
            Errno.EPERM,
            Errno.ENOENT,
            Errno.EIO,
            Errno.ENOMEM,
            Errno.EACCES,
            Errno.EFAULT,
            Errno.EBUSY,
            Errno.EINVAL,
            Errno.ENOSPC,
            Errno.EMSGSIZE,
            Errno.ENOPROTOOPT,
            Errno.EOPNOTSUPP,
            Errno.ENOBUFS
        };
        static final List<String> NAMES = List.of(
                "none",
                "EPERM",
                "ENOENT",
                "EIO",
                "ENOMEM",
                "EACCES",
                "EFAULT",
                "EBUSY",
                "EINVAL",
                "ENOSPC",
                "EMSGSIZE",
                "ENOPROTOOPT",
                "EOPNOTSUPP",
                "ENOBUFS",
                "other");

        static int part(Throwable cause) {
            int errno = 0;
            if (cause instanceof TraitsException failed) {
                errno = failed.errno();
            } else if (cause instanceof IOException || cause instanceof ChannelException) {
                errno = Errno.of(cause);
            }
            for (int i = 0; i < NUMBERS.length; i++) {
                if (NUMBERS[i] == errno) {
                    return i;
                }
            }
            return NUMBERS.length;
        }
    }
}
