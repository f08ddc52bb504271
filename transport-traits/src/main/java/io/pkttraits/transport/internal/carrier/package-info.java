// SPDX-License-Identifier: Apache-2.0

/**
 * The mechanisms that carry traits between this process and packets, and how one of them is chosen. Not exported.
 */
package io.pkttraits.transport.internal.carrier;
