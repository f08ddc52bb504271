// SPDX-License-Identifier: Apache-2.0

/** The proxy: it wires the rooms below together, listens, and ends in order. */
package io.pkttraits.proxy;
