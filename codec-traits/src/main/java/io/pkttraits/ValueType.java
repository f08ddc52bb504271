// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import io.pkttraits.internal.SizeWords;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/** How the values of one Java type are read and written. */
abstract class ValueType<T> {
    private static final Map<Class<?>, ValueType<?>> ALL = Map.of(
            Boolean.class, new Flag(),
            Integer.class, new IntNumber(),
            Long.class, new LongNumber(),
            InetAddress.class, new Address(),
            UUID.class, new Id(),
            byte[].class, new Bytes(),
            String.class, new Text());

    @SuppressWarnings("unchecked") // the map says so
    static <T> ValueType<T> of(Class<T> type) {
        ValueType<?> known = ALL.get(type);
        if (known == null) {
            throw new IllegalArgumentException("no trait has values of " + type);
        }
        return (ValueType<T>) known;
    }

    /** The value at {@code first}, the key's number; null if it is absent or none of the key's. */
    abstract T get(Traits traits, TraitKey<T> key, int first);

    /** The value's bytes, or null if the key is to be removed; throws {@link TraitKey#misfit} if it does not fit. */
    abstract byte[] bytes(TraitKey<T> key, T value);

    private static final class Flag extends ValueType<Boolean> {
        @Override
        Boolean get(Traits traits, TraitKey<Boolean> key, int first) {
            return traits.getFlag(first) ? Boolean.TRUE : null;
        }

        @Override
        byte[] bytes(TraitKey<Boolean> key, Boolean value) {
            return value ? new byte[0] : null;
        }
    }

    private static final class IntNumber extends ValueType<Integer> {
        @Override
        Integer get(Traits traits, TraitKey<Integer> key, int first) {
            // No number of 4 bytes is as large as this.
            long value = traits.number(key, first, Long.MAX_VALUE);
            return value == Long.MAX_VALUE ? null : (Integer) (int) value;
        }

        @Override
        byte[] bytes(TraitKey<Integer> key, Integer value) {
            return number(key, Integer.toUnsignedLong(value));
        }
    }

    private static final class LongNumber extends ValueType<Long> {
        @Override
        Long get(Traits traits, TraitKey<Long> key, int first) {
            long value = traits.number(key, first, 0);
            return value == 0 && traits.number(key, first, 1) == 1 ? null : (Long) value;
        }

        @Override
        byte[] bytes(TraitKey<Long> key, Long value) {
            return number(key, value);
        }
    }

    private static byte[] number(TraitKey<?> key, long value) {
        key.checkNumber(value);
        ByteBuffer bytes = ByteBuffer.allocate(8).order(key.order()).putLong(value);
        int from = key.order() == ByteOrder.BIG_ENDIAN ? 8 - key.length() : 0;
        return Arrays.copyOfRange(bytes.array(), from, from + key.length());
    }

    private static final class Address extends ValueType<InetAddress> {
        private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

        @Override
        InetAddress get(Traits traits, TraitKey<InetAddress> key, int first) {
            return traits.length(first) == key.length() ? traits.getAddress(first) : null;
        }

        @Override
        byte[] bytes(TraitKey<InetAddress> key, InetAddress value) {
            byte[] address = value.getAddress();
            if (address.length == key.length()) {
                return address;
            }
            if (address.length > key.length()) {
                throw key.misfit("it is not an IPv4 address");
            }
            byte[] mapped = Arrays.copyOf(MAPPED, 16);
            System.arraycopy(address, 0, mapped, MAPPED.length, address.length);
            return mapped;
        }
    }

    private static final class Id extends ValueType<UUID> {
        @Override
        UUID get(Traits traits, TraitKey<UUID> key, int first) {
            return traits.getUuid(first);
        }

        @Override
        byte[] bytes(TraitKey<UUID> key, UUID value) {
            return ByteBuffer.allocate(16)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array();
        }
    }

    private static final class Bytes extends ValueType<byte[]> {
        @Override
        byte[] get(Traits traits, TraitKey<byte[]> key, int first) {
            return anyBytes(traits, key, first);
        }

        @Override
        byte[] bytes(TraitKey<byte[]> key, byte[] value) {
            return checkLength(key, value);
        }
    }

    private static final class Text extends ValueType<String> {
        @Override
        String get(Traits traits, TraitKey<String> key, int first) {
            byte[] value = anyBytes(traits, key, first);
            if (value == null) {
                return null;
            }
            try {
                // A decoder of its own reports what new String() would replace.
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }

        @Override
        byte[] bytes(TraitKey<String> key, String value) {
            try {
                ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
                byte[] bytes = new byte[utf8.remaining()];
                utf8.get(bytes);
                return checkLength(key, bytes);
            } catch (CharacterCodingException e) {
                throw key.misfit("it has half of a surrogate pair, which UTF-8 cannot encode");
            }
        }
    }

    private static byte[] anyBytes(Traits traits, TraitKey<?> key, int first) {
        int length = key.isSpan() ? traits.spanLength(first, key.lastKey(first)) : traits.length(first);
        // In one key no bytes are a flag, which is not a value of bytes.
        if (length > key.length() || length < (key.isSpan() ? 0 : 1)) {
            return null;
        }
        return key.isSpan() ? traits.getSpan(first, key.lastKey(first)) : traits.getBytes(first);
    }

    private static byte[] checkLength(TraitKey<?> key, byte[] value) {
        if (value.length > key.length()) {
            throw key.misfit("it has " + value.length + " bytes, more than " + key.length());
        }
        if (!key.isSpan() && (value.length == 0 || SizeWords.code(value.length) < 0)) {
            throw key.misfit("it has " + value.length + " bytes, not 2, 4, 8 or 16");
        }
        return value;
    }
}
