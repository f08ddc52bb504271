// SPDX-License-Identifier: Apache-2.0

/** How a trait set is written down: as {@code struct pkt_trait}, as the store in front of a packet, as TLVs, as an HTTP header. */
package io.pkttraits.codec;
