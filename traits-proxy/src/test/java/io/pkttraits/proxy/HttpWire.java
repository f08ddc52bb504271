// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One end of a connection that speaks HTTP byte for byte as the test says. A read that gets nothing for 20 seconds fails. */
final class HttpWire implements Closeable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    HttpWire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    Socket socket() {
        return socket;
    }

    HttpWire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    HttpWire send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends lines that are joined and ended by CR LF, and the empty line after them. */
    HttpWire sendHead(String... lines) throws IOException {
        return send(String.join("\r\n", lines) + "\r\n\r\n");
    }

    /** The start line and the fields, each ended by LF; field names in lower case. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = head.isEmpty() ? -1 : line.indexOf(':');
            head.append(colon < 0 ? line : line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon))
                    .append('\n');
        }
        return head.toString();
    }

    String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("after '" + line.toString(StandardCharsets.ISO_8859_1) + "'");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    String read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    int readSome(byte[] into) throws IOException {
        return in.read(into);
    }

    /** Head and content of one message; the content as {@link #readBody} gives it. */
    String readMessage() throws IOException {
        String head = readHead();
        return head + "\n" + readBody(head);
    }

    /** Content by the framing that {@code head} states; trailers follow it, each on a line. */
    String readBody(String head) throws IOException {
        if (head.contains("\ntransfer-encoding: chunked\n")) {
            return readChunked();
        }
        int at = head.indexOf("\ncontent-length: ");
        if (at < 0) {
            return "";
        }
        return read(Integer.parseInt(head.substring(at + 17, head.indexOf('\n', at + 17))));
    }

    /** Whatever comes until the peer closes. */
    String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Whether the peer has closed, by FIN or reset, without another byte. */
    boolean isAtEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readChunked() throws IOException {
        StringBuilder content = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            if (size == 0) {
                for (String trailer = readLine(); !trailer.isEmpty(); trailer = readLine()) {
                    content.append('\n').append(trailer.toLowerCase(Locale.ROOT));
                }
                return content.toString();
            }
            content.append(read(size));
            read(2);
        }
    }
}
