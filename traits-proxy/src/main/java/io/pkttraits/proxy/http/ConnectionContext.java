// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.log.AccessLog;
import io.pkttraits.proxy.log.ProxyTraffic;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.upstream.UpstreamPools;

/**
 * What a client's connection needs to serve its requests. All connections of a proxy share one.
 *
 * @param config limits, hops and rules
 * @param upstreamAuthority the Host field of a request that comes without one
 * @param pools the upstream connections
 * @param accessLog gets an entry for each request
 * @param traffic counts the requests
 * @param clients all connections, and whether they are to end
 */
public record ConnectionContext(
        ProxyConfig config,
        String upstreamAuthority,
        UpstreamPools pools,
        AccessLog accessLog,
        ProxyTraffic traffic,
        ClientConnections clients) {}
