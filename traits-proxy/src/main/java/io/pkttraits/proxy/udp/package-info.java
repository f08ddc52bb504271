/** A transparent relay of datagrams and their traits: one flow, with a socket of its own towards the upstream, per client address. */
package io.pkttraits.proxy.udp;
