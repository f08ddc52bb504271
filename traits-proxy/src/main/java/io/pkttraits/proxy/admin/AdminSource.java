// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

/** What an {@link AdminServer} tells of. Its methods are called on the endpoint's event loop, which is none of the proxy's. */
public interface AdminSource {
    /** Whether no new connections are accepted, so that a load balancer should send none. */
    boolean isDraining();

    /** All meters in the text format of Prometheus, version 0.0.4. */
    String scrape();

    /** What is going on now. */
    LiveView view();
}
