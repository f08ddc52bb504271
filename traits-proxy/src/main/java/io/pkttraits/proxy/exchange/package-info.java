// SPDX-License-Identifier: Apache-2.0

/** One request and its response, for all versions of HTTP. */
package io.pkttraits.proxy.exchange;
