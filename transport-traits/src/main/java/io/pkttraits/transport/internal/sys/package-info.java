// SPDX-License-Identifier: Apache-2.0

/** System calls and the C structures that they take: one class a structure. Not exported. */
package io.pkttraits.transport.internal.sys;
