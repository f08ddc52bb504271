// SPDX-License-Identifier: Apache-2.0
/** A client, the proxy and an upstream as processes of their own, to see traits pass through all three. */
package io.pkttraits.example.demo;
