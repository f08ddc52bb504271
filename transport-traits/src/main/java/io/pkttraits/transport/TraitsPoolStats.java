// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/**
 * What a {@link TraitsChannelPoolMap} holds at one moment.
 *
 * @param pools its pools: distinct {@link UpstreamKey}s that have a connection, or that somebody waits for
 * @param idle connections that are not in use
 * @param leased connections in use, those included that are just being opened for somebody
 * @param waiting acquires that wait since all connections of their pool are in use
 * @param evictions pools that made room for others, since the map was made
 */
public record TraitsPoolStats(int pools, int idle, int leased, int waiting, long evictions) {}
