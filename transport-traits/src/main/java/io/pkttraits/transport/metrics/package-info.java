// SPDX-License-Identifier: Apache-2.0

/** Meters for Micrometer, which is an optional dependency. */
package io.pkttraits.transport.metrics;
