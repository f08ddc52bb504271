// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

/**
 * What a {@link TraitsChannelPoolMap} holds at one moment.
 *
 * @param pools its pools: distinct {@link UpstreamKey}s that have a connection, or that somebody waits for
 * @param idle connections that are not in use
 * @param leased connections in use, those included that are being opened or closed
 * @param waiting acquires that wait for a connection
 * @param evictions connections that were closed to make room for those of other pools, since the map was made
 */
public record TraitsPoolStats(int pools, int idle, int leased, int waiting, long evictions) {}
