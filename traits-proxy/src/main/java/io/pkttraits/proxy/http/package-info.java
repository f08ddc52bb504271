// SPDX-License-Identifier: Apache-2.0

/** The client's side of HTTP/1.1 and HTTP/2: from a connection's first byte to a request that is checked and ready to be forwarded. */
package io.pkttraits.proxy.http;
