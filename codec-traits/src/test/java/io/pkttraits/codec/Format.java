// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import java.util.stream.IntStream;

/** The codecs, as a parameter of what holds for all of them. */
enum Format {
    PKT_TRAIT(null) {
        @Override
        void encode(Traits traits, ByteBuf out) {
            PktTraitCodec.encode(traits, out);
        }

        @Override
        Traits decode(ByteBuf in) {
            return PktTraitCodec.decode(in);
        }

        @Override
        int encodedLength(Traits traits) {
            return PktTraitCodec.encodedLength(traits);
        }
    },
    TLV(null) {
        @Override
        void encode(Traits traits, ByteBuf out) {
            TraitTlvCodec.encode(traits, out);
        }

        @Override
        Traits decode(ByteBuf in) {
            return TraitTlvCodec.decode(in);
        }

        @Override
        int encodedLength(Traits traits) {
            return TraitTlvCodec.encodedLength(traits);
        }
    },
    STORE_RFC_V1(TraitStoreLayout.RFC_V1),
    STORE_RFC_V2(TraitStoreLayout.RFC_V2),
    STORE_TALK(TraitStoreLayout.TALK);

    private final TraitStoreLayout layout;

    Format(TraitStoreLayout layout) {
        this.layout = layout;
    }

    void encode(Traits traits, ByteBuf out) {
        TraitStoreCodec.encode(traits, layout, out);
    }

    Traits decode(ByteBuf in) {
        return TraitStoreCodec.decode(in, layout);
    }

    int encodedLength(Traits traits) {
        return TraitStoreCodec.encodedLength(traits);
    }

    /** Lengths of the values that the format can hold. */
    int[] lengths() {
        return IntStream.of(0, 2, 4, 8, 16)
                .filter(length -> layout == null || layout.supports(length))
                .toArray();
    }
}
