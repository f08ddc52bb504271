// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.admin.AdminServer;
import io.pkttraits.proxy.admin.AdminSource;
import io.pkttraits.proxy.log.AccessLogFormat;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command line's part for what operators see: the admin endpoint and the access log. */
public final class AdminOptions {
    private static final String ADMIN = "--admin";

    @Option(
            names = ADMIN,
            paramLabel = "[HOST:]PORT",
            converter = AdminAddressConverter.class,
            description =
                    "Where to serve /metrics (Prometheus), /healthz and, at /, a live view, by HTTP and to anybody who can"
                            + " connect; a PORT alone is that of 127.0.0.1. Default: nowhere")
    private HostPort admin;

    @Option(
            names = "--access-log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            converter = AccessLogFormatConverter.class,
            description = "What the lines of the access log look like; json is one object a line."
                    + " Default: ${DEFAULT-VALUE}")
    private AccessLogFormat accessLogFormat;

    public AccessLogFormat accessLogFormat() {
        return accessLogFormat;
    }

    /**
     * Starts the endpoint if one is asked for, and says where in the words of the ready line.
     *
     * @param source asked once, and only if there is an endpoint
     */
    public String start(IoTransport transport, Supplier<AdminSource> source) throws IOException {
        if (admin == null) {
            return "";
        }
        InetSocketAddress address = admin.resolve(ADMIN);
        try {
            AdminServer started = AdminServer.start(address, transport, source.get());
            return " admin=" + HostPort.of(started.address());
        } catch (IOException e) {
            throw new IOException(ADMIN + ": cannot listen on " + admin + ": " + e.getMessage(), e);
        }
    }

    static final class AdminAddressConverter implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            boolean isPort = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
            return new AddressConverter().convert(isPort ? "127.0.0.1:" + text : text);
        }
    }

    static final class AccessLogFormatConverter implements ITypeConverter<AccessLogFormat> {
        @Override
        public AccessLogFormat convert(String text) {
            return switch (text) {
                case "text" -> AccessLogFormat.TEXT;
                case "json" -> AccessLogFormat.JSON;
                default -> throw new TypeConversionException("'" + text + "' is not a format (expected: text or json)");
            };
        }
    }
}
