// SPDX-License-Identifier: Apache-2.0

/** Addresses, transports, timers and TLS: what is about sockets and not about HTTP. */
package io.pkttraits.proxy.net;
