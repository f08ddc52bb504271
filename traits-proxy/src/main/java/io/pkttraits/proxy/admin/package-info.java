// SPDX-License-Identifier: Apache-2.0
/** The admin endpoint: metrics, health and a live view of a running proxy, on an event loop of its own. */
package io.pkttraits.proxy.admin;
