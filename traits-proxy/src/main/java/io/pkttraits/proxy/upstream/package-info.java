// SPDX-License-Identifier: Apache-2.0

/** Connections and streams to the upstream, and how long a request waits for one. */
package io.pkttraits.proxy.upstream;
