// SPDX-License-Identifier: Apache-2.0
/** An HTTP/1.1 reverse proxy that passes the packet traits of its clients' connections on to its upstream. */
package io.pkttraits.proxy;
