// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.SynTraits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the PROXY header, version 2, from the beginning of a connection (the PROXY protocol's specification, section 2.2), before
 * anything else reads from it. {@link ClientOrigin#of} has what it says.
 *
 * <p>Only in the pipelines of peers that are to send one: to everybody else's connections it is not added, and their header is
 * a bad request. As the specification wants it, a connection is closed without an answer if its header is wrong in any way, but
 * for its traits: without these it is served.
 */
public final class ProxyHeaderReader extends ByteToMessageDecoder {
    /** Bytes of the longest header that is taken: any addresses and traits, and what else proxies usually say. */
    static final int MAX_LENGTH = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int LENGTH_INDEX = 14;
    private static final int VERSION_2 = 0x2;

    private final HopConfig config;
    private boolean refused;

    ProxyHeaderReader(HopConfig config) {
        this.config = config;
    }

    /** Adds it last to the pipeline of a connection that was just accepted, if its peer is one that sends such headers. */
    public static void addIfExpected(SocketChannel accepted, HopConfig config) {
        if (config.proxyFrom().contains(accepted.remoteAddress())) {
            accepted.pipeline().addLast(new ProxyHeaderReader(config));
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!beginsLikeHeader(in)) {
            if (config.proxyRequired()) {
                refuse(ctx, in, "no PROXY header of version 2");
            } else {
                ctx.pipeline().remove(this);
            }
            return;
        }
        if (in.readableBytes() < ProxyHeaderTlvs.FIXED_LENGTH) {
            return;
        }
        int start = in.readerIndex();
        int length = ProxyHeaderTlvs.FIXED_LENGTH + in.getUnsignedShort(start + LENGTH_INDEX);
        if (in.getUnsignedByte(start + SIGNATURE.length) >> 4 != VERSION_2) {
            refuse(ctx, in, "a PROXY header of another version than 2");
        } else if (length > MAX_LENGTH) {
            refuse(ctx, in, "a PROXY header of " + length + " bytes");
        } else if (in.readableBytes() >= length) {
            take(ctx, in, in.readSlice(length));
        }
    }

    private static boolean beginsLikeHeader(ByteBuf in) {
        int known = Math.min(in.readableBytes(), SIGNATURE.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != SIGNATURE[i]) {
                return false;
            }
        }
        return true;
    }

    private void take(ChannelHandlerContext ctx, ByteBuf in, ByteBuf header) {
        if (!ProxyHeaderTlvs.areSound(header)) {
            refuse(ctx, in, "a PROXY header with a wrong checksum or TLV");
            return;
        }
        HAProxyMessage message;
        try {
            message = new Parser().parse(ctx, header);
        } catch (DecoderException | IllegalArgumentException | IndexOutOfBoundsException e) {
            refuse(ctx, in, e.toString());
            return;
        }
        try {
            take(ctx, in, message);
        } finally {
            message.release();
        }
    }

    private void take(ChannelHandlerContext ctx, ByteBuf in, HAProxyMessage message) {
        AddressFamily family = message.proxiedProtocol().addressFamily();
        if (message.command() == HAProxyCommand.PROXY && family != AddressFamily.AF_UNSPEC) {
            Channel channel = ctx.channel();
            Traits traits = config.merge().apply(SynTraits.of(channel), traitsOf(channel, message));
            if (traits == null) {
                HopCounter.PROXY_TRAITS_CONFLICT.increment();
                close(ctx, in, "a PROXY header whose traits contradict the SYN's");
                return;
            }
            boolean ip = family != AddressFamily.AF_UNIX;
            new ClientOrigin(
                            ip ? address(message.sourceAddress(), message.sourcePort()) : channel.remoteAddress(),
                            ip
                                    ? address(message.destinationAddress(), message.destinationPort())
                                    : channel.localAddress(),
                            traits)
                    .setOn(channel);
        }
        HopCounter.PROXY_HEADER_READ.increment();
        if (!in.isReadable()) {
            // Nothing reaches the next handler by this read, so it would not ask for another one.
            ctx.read();
        }
        ctx.pipeline().remove(this);
    }

    private Traits traitsOf(Channel channel, HAProxyMessage message) {
        List<HAProxyTLV> found = new ArrayList<>(1);
        List<HAProxyTLV> tlvs = message.tlvs();
        for (int i = 0; i < tlvs.size(); i++) {
            HAProxyTLV tlv = tlvs.get(i);
            if (tlv instanceof HAProxySSLTLV ssl) {
                // Netty lists behind it once more what is in it.
                i += ssl.encapsulatedTLVs().size();
            } else if (tlv.typeByteValue() == (byte) config.tlvType()) {
                found.add(tlv);
            }
        }
        if (found.isEmpty()) {
            return Traits.EMPTY;
        }
        try {
            if (found.size() == 1) {
                return TraitTlvCodec.decode(found.get(0).content());
            }
            LOG.debug("{}: a PROXY header with {} sets of traits", channel.remoteAddress(), found.size());
        } catch (MalformedTraitsException e) {
            LOG.debug("{}: traits of the PROXY header: {}", channel.remoteAddress(), e.getMessage());
        }
        HopCounter.PROXY_TRAITS_MALFORMED.increment();
        return Traits.EMPTY;
    }

    /** An IPv4-mapped address becomes the IPv4 one that it is, so that no list of networks overlooks it. */
    private static InetSocketAddress address(String literal, int port) {
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(literal)), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("Netty's decoder has checked " + literal, e);
        }
    }

    private void refuse(ChannelHandlerContext ctx, ByteBuf in, String why) {
        HopCounter.PROXY_HEADER_REFUSED.increment();
        close(ctx, in, why);
    }

    private void close(ChannelHandlerContext ctx, ByteBuf in, String why) {
        LOG.debug("{}: closing the connection: {}", ctx.channel().remoteAddress(), why);
        refused = true;
        in.skipBytes(in.readableBytes());
        ctx.close();
    }

    /** Netty's decoder, for one whole header at a time. */
    private static final class Parser extends HAProxyMessageDecoder {
        HAProxyMessage parse(ChannelHandlerContext ctx, ByteBuf header) {
            List<Object> out = new ArrayList<>(1);
            try {
                decode(ctx, header, out);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalArgumentException(e);
            }
            if (out.isEmpty()) {
                throw new IllegalArgumentException("an incomplete PROXY header");
            }
            return (HAProxyMessage) out.get(0);
        }
    }
}
