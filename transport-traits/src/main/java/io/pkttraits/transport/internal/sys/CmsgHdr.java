// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * {@code struct cmsghdr} (cmsg(3)) of 64-bit Linux, in host order, and the control buffer that holds a row of them.
 *
 * <pre>
 *    0                               8              12              16
 *   +-------------------------------+---------------+---------------+-----------+-----------------+
 *   |           cmsg_len            |  cmsg_level   |   cmsg_type   |  data ... | pad to 8 bytes  |
 *   +-------------------------------+---------------+---------------+-----------+-----------------+
 * </pre>
 *
 * {@code cmsg_len} counts the header and the data, without the padding.
 */
public final class CmsgHdr {
    static final int SIZE = 16;
    static final int CMSG_LEN = 0;
    static final int CMSG_LEVEL = 8;
    static final int CMSG_TYPE = 12;
    static final int ALIGNMENT = 8;

    private CmsgHdr() {}

    /** Room for a control message with that many bytes of data: {@code CMSG_SPACE}. */
    public static int space(int dataLength) {
        return SIZE + align(dataLength);
    }

    private static int align(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Writes control messages one after the other into one control buffer. Reusable. */
    public static final class Encoder {
        private ByteBuffer host;
        private ByteBuf bytes;
        private int start;
        private int end;
        private int current;
        private int used;

        /** Starts an empty control buffer at {@code start}. */
        public Encoder begin(NativeMemory memory, int start, int capacity) {
            host = memory.host();
            bytes = memory.bytes();
            this.start = start;
            end = start + capacity;
            used = 0;
            return this;
        }

        /**
         * Starts a control message.
         *
         * @return where to append its data; {@link #finish()} must follow
         * @throws IndexOutOfBoundsException if there is no room for its header: the capacity was computed wrongly
         */
        public ByteBuf add(int level, int type) {
            current = start + used;
            if (end - current < SIZE) {
                throw new IndexOutOfBoundsException("no room for a cmsghdr in " + (end - start) + " bytes");
            }
            host.putInt(current + CMSG_LEVEL, level);
            host.putInt(current + CMSG_TYPE, type);
            return bytes.setIndex(current + SIZE, current + SIZE);
        }

        /** Sets the length of the message from what was appended, and zeroes its padding. */
        public void finish() {
            int length = bytes.writerIndex() - current;
            int aligned = align(length);
            if (aligned > end - current) {
                throw new IndexOutOfBoundsException(
                        aligned + " bytes of a cmsg in " + (end - current) + " bytes of a control buffer");
            }
            bytes.writeZero(aligned - length);
            host.putLong(current + CMSG_LEN, length);
            used += aligned;
        }

        /** {@code msg_controllen}: bytes of all finished messages with their padding. */
        public int length() {
            return used;
        }
    }

    /** Walks over the control messages of one buffer, whose bytes it does not trust. Reusable. */
    public static final class Iterator {
        private ByteBuffer host;
        private ByteBuf bytes;
        private int start;
        private int end;
        private int next;
        private int at;
        private int dataLength;
        private int level;
        private int type;
        private boolean malformed;

        /**
         * Starts before the first message.
         *
         * @param length {@code msg_controllen} as the kernel left it; more than {@code capacity} is malformed
         */
        public Iterator begin(NativeMemory memory, int start, int capacity, long length) {
            host = memory.host();
            bytes = memory.bytes();
            malformed = length < 0 || length > capacity;
            this.start = start;
            end = malformed ? start : start + (int) length;
            next = start;
            return this;
        }

        /** Starts before the first message once more. */
        public void rewind() {
            next = start;
        }

        /** Goes to the next message. Returns false after the last one, or if lengths are wrong: {@link #isMalformed}. */
        public boolean next() {
            int rest = end - next;
            if (rest == 0) {
                return false;
            }
            long length = rest < SIZE ? 0 : host.getLong(next + CMSG_LEN);
            if (length < SIZE || length > rest) {
                malformed = true;
                next = end;
                return false;
            }
            at = next;
            dataLength = (int) length - SIZE;
            level = host.getInt(at + CMSG_LEVEL);
            type = host.getInt(at + CMSG_TYPE);
            // The padding of the last one may be missing.
            next = Math.min(end, at + align((int) length));
            return true;
        }

        /** Returns true if {@link #next} has found something that is no control message. */
        public boolean isMalformed() {
            return malformed;
        }

        public boolean is(int level, int type) {
            return this.level == level && this.type == type;
        }

        public int dataLength() {
            return dataLength;
        }

        /** The buffer with its indexes around the data; its first byte is at {@link #dataIndex()}. */
        public ByteBuf data() {
            return bytes.setIndex(dataIndex(), dataIndex() + dataLength);
        }

        public int dataIndex() {
            return at + SIZE;
        }

        /** The first 4 bytes of the data as an int in host order, or -1 if there are fewer. */
        public int intData() {
            return dataLength < Integer.BYTES ? -1 : host.getInt(dataIndex());
        }
    }
}
