// SPDX-License-Identifier: Apache-2.0

/** System calls and the C structures that they use, one class for each structure. Not exported. */
package io.pkttraits.transport.internal.sys;
