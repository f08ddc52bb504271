// SPDX-License-Identifier: Apache-2.0

/** What a trait set and its codecs share. Not exported. */
package io.pkttraits.internal;
