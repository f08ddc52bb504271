// SPDX-License-Identifier: Apache-2.0

/** Pools of upstream connections that never hand a connection made for one trait set to another. */
package io.pkttraits.transport.pool;
