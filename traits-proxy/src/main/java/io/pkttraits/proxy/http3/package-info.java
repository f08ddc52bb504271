// SPDX-License-Identifier: Apache-2.0

/** The client's side of HTTP/3. */
package io.pkttraits.proxy.http3;
