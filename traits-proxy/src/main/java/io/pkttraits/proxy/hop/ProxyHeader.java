// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The PROXY header, version 2, that a connection to the upstream begins with. The connection then belongs to that client and
 * that set of traits.
 *
 * @param source the client's address
 * @param destination the address that the client connected to
 * @param traits what goes on; there is no TLV if it is empty
 * @param tlvType 0..255
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination, Traits traits, int tlvType) {
    private static final String IPV4_MAPPED = "::ffff:";

    /** A new message, to be written to a connection before everything else; the write releases it. */
    public HAProxyMessage toMessage() {
        boolean ipv4 = isIpv4(source) && isIpv4(destination);
        return new HAProxyMessage(
                HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                ipv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                literal(source.getAddress(), ipv4),
                literal(destination.getAddress(), ipv4),
                source.getPort(),
                destination.getPort(),
                traits.isEmpty() ? List.of() : List.of(new HAProxyTLV((byte) tlvType, encodedTraits())));
    }

    private ByteBuf encodedTraits() {
        ByteBuf encoded = Unpooled.buffer(TraitTlvCodec.encodedLength(traits));
        TraitTlvCodec.encode(traits, encoded);
        return encoded;
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private static String literal(InetAddress address, boolean ipv4) {
        String literal = NetUtil.toAddressString(address);
        return !ipv4 && address instanceof Inet4Address ? IPV4_MAPPED + literal : literal;
    }
}
