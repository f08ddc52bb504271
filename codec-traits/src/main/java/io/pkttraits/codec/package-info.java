// SPDX-License-Identifier: Apache-2.0

/** The value: a set of packet traits, and how it is written down. */
package io.pkttraits.codec;
