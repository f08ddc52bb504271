// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * A client that speaks HTTP/2 frame by frame as the test says, be it allowed or not. It grants no window but what the test grants,
 * unless told otherwise. A read that gets nothing for 20 seconds fails.
 */
final class Http2Wire implements Closeable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final EmbeddedChannel writing = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = writing.pipeline().firstContext();
    private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader();
    private final ByteBuf received = Unpooled.buffer();
    private final Queue<String> frames = new ArrayDeque<>();
    private final Map<Integer, Long> windows = new HashMap<>();
    private int next = 1;
    private long contentBytes;

    /** Whether it grants as much as it gets. */
    boolean granting = true;

    /** Whether it acknowledges settings and pings. */
    boolean acknowledging = true;

    Http2Wire(Socket socket, Http2Settings settings) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        ctx.write(Http2CodecUtil.connectionPrefaceBuf());
        writer.writeSettings(ctx, settings, ctx.newPromise());
        flush();
    }

    Http2Wire(Socket socket) throws IOException {
        this(socket, new Http2Settings());
    }

    Socket socket() {
        return socket;
    }

    /** Bytes of content that have arrived on all streams. */
    long contentBytes() {
        return contentBytes;
    }

    /** Opens a stream by a request for host {@code a} with further fields, and returns its number. */
    int request(String method, String path, boolean end, String... fields) throws IOException {
        String[] all = new String[8 + fields.length];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "http", ":authority", "a", ":path", path}, 0, all, 0, 8);
        System.arraycopy(fields, 0, all, 8, fields.length);
        return open(end, all);
    }

    int get(String path) throws IOException {
        return request("GET", path, true);
    }

    /** Opens a stream by whatever fields. */
    int open(boolean end, String... fields) throws IOException {
        int stream = next;
        next += 2;
        headers(stream, end, fields);
        return stream;
    }

    /** Each field is a literal that nothing is indexed for (RFC 7541 section 6.2.2). */
    void headers(int stream, boolean end, String... fields) throws IOException {
        ByteBuf block = Unpooled.buffer();
        for (int i = 0; i < fields.length; i += 2) {
            block.writeByte(0);
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        byte[] payload = new byte[block.readableBytes()];
        block.readBytes(payload);
        frame(Http2FrameTypes.HEADERS, end ? 0x5 : 0x4, stream, payload);
    }

    private static void string(ByteBuf block, String text) {
        int length = text.length();
        if (length < 127) {
            block.writeByte(length);
        } else {
            block.writeByte(127);
            int rest = length - 127;
            for (; rest >= 128; rest >>>= 7) {
                block.writeByte((rest & 0x7f) | 0x80);
            }
            block.writeByte(rest);
        }
        block.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    void data(int stream, String text, boolean end) throws IOException {
        ByteBuf content = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        windows.merge(0, (long) -text.length(), Long::sum);
        windows.merge(stream, (long) -text.length(), Long::sum);
        writer.writeData(ctx, stream, content, 0, end, ctx.newPromise());
        flush();
    }

    void reset(int stream, Http2Error error) throws IOException {
        writer.writeRstStream(ctx, stream, error.code(), ctx.newPromise());
        flush();
    }

    /** Grants {@code bytes} on a stream, or on the connection as number 0. */
    void grant(int stream, int bytes) throws IOException {
        writer.writeWindowUpdate(ctx, stream, bytes, ctx.newPromise());
        flush();
    }

    /** Sends a frame as it is. */
    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        ctx.write(head(payload.length, type, flags, stream).writeBytes(payload));
        flush();
    }

    /** The head of a frame whose payload does not follow. */
    void frameHead(int length, int type, int flags, int stream) throws IOException {
        ctx.write(head(length, type, flags, stream));
        flush();
    }

    private static ByteBuf head(int length, int type, int flags, int stream) {
        return Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream);
    }

    /** The next frame that says something: HEADERS, DATA, RST_STREAM, GOAWAY, or CLOSED once the proxy has closed. */
    String next() throws IOException {
        while (frames.isEmpty()) {
            try {
                if (!readSome()) {
                    return "CLOSED";
                }
            } catch (SocketException e) {
                return "CLOSED";
            }
        }
        return frames.remove();
    }

    /** How much of content the proxy takes on a stream, or on the connection as number 0. */
    long window(int stream) {
        return Http2CodecUtil.DEFAULT_WINDOW_SIZE + windows.getOrDefault(stream, 0L);
    }

    /** Reads once; false at the end. */
    boolean readSome() throws IOException {
        byte[] bytes = new byte[64 * 1024];
        int length = in.read(bytes);
        if (length < 0) {
            return false;
        }
        received.writeBytes(bytes, 0, length);
        try {
            reader.readFrame(ctx, received, new Listener());
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        received.discardReadBytes();
        flush();
        return true;
    }

    /** Everything up to the end of one stream, joined by spaces; no other stream may have said anything. */
    String response(int stream) throws IOException {
        StringBuilder all = new StringBuilder();
        while (true) {
            String frame = next();
            all.append(all.isEmpty() ? "" : " ").append(frame);
            if (!frame.contains(" " + stream + " ") || frame.endsWith(" END") || frame.startsWith("RST_STREAM")) {
                return all.toString();
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        writing.finishAndReleaseAll();
        writer.close();
        reader.close();
    }

    private void flush() throws IOException {
        ctx.flush();
        for (ByteBuf buf = writing.readOutbound(); buf != null; buf = writing.readOutbound()) {
            byte[] bytes = new byte[buf.readableBytes()];
            buf.readBytes(bytes).release();
            socket.getOutputStream().write(bytes);
        }
    }

    private final class Listener extends Http2FrameAdapter {
        @Override
        public void onHeadersRead(
                ChannelHandlerContext c,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
            onHeadersRead(c, stream, headers, padding, end);
        }

        @Override
        public void onHeadersRead(ChannelHandlerContext c, int stream, Http2Headers headers, int padding, boolean end) {
            StringBuilder text = new StringBuilder("HEADERS " + stream);
            for (Map.Entry<CharSequence, CharSequence> field : headers) {
                text.append(' ').append(field.getKey()).append('=').append(field.getValue());
            }
            frames.add(text + (end ? " END" : ""));
        }

        @Override
        public int onDataRead(ChannelHandlerContext c, int stream, ByteBuf data, int padding, boolean end) {
            int length = data.readableBytes() + padding;
            contentBytes += data.readableBytes();
            String text = data.readableBytes() > 1000 ? "..." : data.toString(StandardCharsets.ISO_8859_1);
            frames.add("DATA " + stream + " " + text + (end ? " END" : ""));
            if (granting && length > 0) {
                writer.writeWindowUpdate(ctx, 0, length, ctx.newPromise());
                if (!end) {
                    writer.writeWindowUpdate(ctx, stream, length, ctx.newPromise());
                }
            }
            return 0;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext c, int stream, long error) {
            frames.add("RST_STREAM " + stream + " " + Http2Error.valueOf(error));
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext c, int last, long error, ByteBuf debug) {
            frames.add("GOAWAY " + last + " " + Http2Error.valueOf(error));
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext c, int stream, int increment) {
            windows.merge(stream, (long) increment, Long::sum);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext c, Http2Settings settings) {
            if (acknowledging) {
                writer.writeSettingsAck(ctx, ctx.newPromise());
            }
        }

        @Override
        public void onPingRead(ChannelHandlerContext c, long data) {
            if (acknowledging) {
                writer.writePing(ctx, true, data, ctx.newPromise());
            }
        }
    }
}
