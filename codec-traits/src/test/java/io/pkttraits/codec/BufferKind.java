// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/** Buffers that hold the same readable bytes, with other memory and indexes. */
enum BufferKind {
    HEAP {
        @Override
        ByteBuf empty() {
            return Unpooled.buffer();
        }
    },
    HEAP_WITH_BYTES_BEFORE {
        @Override
        ByteBuf empty() {
            return Unpooled.buffer().writeZero(7).skipBytes(7);
        }
    },
    DIRECT {
        @Override
        ByteBuf empty() {
            return Unpooled.directBuffer();
        }
    },
    DIRECT_WITHOUT_UNSAFE {
        @Override
        ByteBuf empty() {
            return new UnpooledDirectByteBuf(UnpooledByteBufAllocator.DEFAULT, 16, Integer.MAX_VALUE)
                    .writeZero(3)
                    .skipBytes(3);
        }
    },
    COMPOSITE_OF_3_BYTE_PARTS {
        @Override
        ByteBuf empty() {
            return Unpooled.compositeBuffer(4096);
        }

        @Override
        ByteBuf of(byte[] bytes) {
            CompositeByteBuf buffer = Unpooled.compositeBuffer(4096);
            for (int i = 0; i < bytes.length; i += 3) {
                buffer.addComponent(true, Unpooled.wrappedBuffer(bytes, i, Math.min(3, bytes.length - i)));
            }
            return buffer;
        }
    };

    abstract ByteBuf empty();

    ByteBuf of(byte[] bytes) {
        return empty().writeBytes(bytes);
    }
}
