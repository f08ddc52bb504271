// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * The memory of a batch of messages for recvmmsg(2) and sendmmsg(2): for each one a {@link MmsgHdr}, an address and a
 * control buffer, and {@link Iovec}s that they share.
 *
 * <pre>
 *   mmsghdr[messages] | sockaddr[messages], 32 bytes each | iovec[iovecs] | control[messages], controlCapacity each
 * </pre>
 *
 * <p>Only this class tells the kernel how much room there is. Until {@link #prepare} is called on it, a message has the
 * content of its last use. For one thread at a time.
 */
public final class MessageBatch {
    private static final int NAME_STRIDE = 32;
    /** Control buffers begin where a cache line does. */
    private static final int CONTROL_ALIGNMENT = 64;

    private final NativeMemory memory;
    private final int messages;
    private final int iovecs;
    private final int controlStride;
    private final int namesAt;
    private final int iovecsAt;
    private final int controlsAt;

    /**
     * Allocates the memory.
     *
     * @param controlCapacity bytes of each control buffer, the sum of {@link CmsgHdr#space} of all that may be in it
     */
    public MessageBatch(int messages, int iovecs, int controlCapacity) {
        this.messages = messages;
        this.iovecs = iovecs;
        controlStride = controlCapacity + CONTROL_ALIGNMENT - 1 & -CONTROL_ALIGNMENT;
        namesAt = messages * MmsgHdr.SIZE;
        iovecsAt = namesAt + messages * NAME_STRIDE;
        controlsAt = iovecsAt + iovecs * Iovec.SIZE + CONTROL_ALIGNMENT - 1 & -CONTROL_ALIGNMENT;
        memory = new NativeMemory(controlsAt + messages * controlStride);
        for (int i = 0; i < messages; i++) {
            MsgHdr.setPointers(
                    host(),
                    headerAt(i),
                    memory.address(nameAt(i)),
                    memory.address(iovecsAt),
                    memory.address(controlAt(i)));
        }
    }

    public int messages() {
        return messages;
    }

    public int controlCapacity() {
        return controlStride;
    }

    public NativeMemory memory() {
        return memory;
    }

    public ByteBuf bytes() {
        return memory.bytes();
    }

    /** The address to pass as {@code msgvec} for the messages from {@code first} on. */
    public long address(int first) {
        return memory.address(headerAt(first));
    }

    public int nameAt(int message) {
        return namesAt + message * NAME_STRIDE;
    }

    public int controlAt(int message) {
        return controlsAt + message * controlStride;
    }

    public void setIovec(int iovec, long base, int length) {
        if (iovec >= iovecs) {
            throw new IndexOutOfBoundsException("iovec " + iovec + " of " + iovecs);
        }
        Iovec.set(host(), iovecsAt + iovec * Iovec.SIZE, base, length);
    }

    /**
     * Sets everything that the kernel reads of a message, except the contents of address, iovecs and control buffer.
     *
     * @param nameLength bytes of the address, or room for it; 0 for none
     * @param controlLength bytes of control messages, or room for them; 0 for none
     */
    public void prepare(int message, int nameLength, int firstIovec, int iovecCount, int controlLength) {
        if (firstIovec + iovecCount > iovecs || nameLength > NAME_STRIDE || controlLength > controlStride) {
            throw new IndexOutOfBoundsException("a message that reaches beyond its batch");
        }
        int header = headerAt(message);
        MsgHdr.setIov(host(), header, memory.address(iovecsAt + firstIovec * Iovec.SIZE), iovecCount);
        MsgHdr.setLengths(host(), header, nameLength, controlLength);
    }

    /** Reduces the bytes of control messages of a prepared message. */
    public void setControlLength(int message, int controlLength) {
        if (controlLength > controlStride) {
            throw new IndexOutOfBoundsException("a message that reaches beyond its batch");
        }
        MsgHdr.setLengths(host(), headerAt(message), nameLength(message), controlLength);
    }

    /** Bytes of payload that were received or sent. */
    public int length(int message) {
        return MmsgHdr.length(host(), headerAt(message));
    }

    int nameLength(int message) {
        return MsgHdr.nameLength(host(), headerAt(message));
    }

    /** The family of the address that the kernel wrote, or 0 if it wrote none. */
    public int family(int message) {
        return nameLength(message) < Short.BYTES ? 0 : host().getShort(nameAt(message));
    }

    public long controlLength(int message) {
        return MsgHdr.controlLength(host(), headerAt(message));
    }

    public boolean isControlTruncated(int message) {
        return MsgHdr.isControlTruncated(host(), headerAt(message));
    }

    private ByteBuffer host() {
        return memory.host();
    }

    private int headerAt(int message) {
        if (message < 0 || message >= messages) {
            throw new IndexOutOfBoundsException("message " + message + " of " + messages);
        }
        return message * MmsgHdr.SIZE;
    }
}
