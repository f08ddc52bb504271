// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.admin.AdminServer;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.registry.TraitType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's browser makes of the live view. */
@Timeout(180)
@Tag("slow")
class LiveViewInChromiumTest {
    private static final String MARKUP = "<b id=x>oops</b>";
    private static final String TEXT = "document.body.innerText";

    @Test
    void connectionsComeAndGoByNamesMaskedAndAsText(@TempDir Path dir) throws Exception {
        IoTransport transport = IoTransport.EPOLL;
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (ScriptedUpstream upstream =
                ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello")) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            TraitRegistry names = TraitRegistry.of(List.of(
                    TraitDefinition.of("customer_id", 4, TraitType.U32).withSensitive(true),
                    TraitDefinition.of("note", 11, TraitType.BYTES)));
            builder.names = names;
            try (TestProxy proxy = builder.start();
                    AdminServer admin = AdminServer.start(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            transport,
                            proxy.server().admin());
                    ChromiumPage page =
                            new ChromiumPage(dir.resolve("profile"), "http://" + HostPort.of(admin.address()) + "/")) {
                page.await(TEXT + ".includes('live') && !" + TEXT + ".includes('not live')", TEXT);
                page.await("document.querySelectorAll('tbody tr').length == 0", TEXT);
                Traits traits = Traits.builder()
                        .put(4, new byte[] {0, (byte) 0xbc, 0x61, 0x4e})
                        .put(11, MARKUP.getBytes(StandardCharsets.US_ASCII))
                        .build();
                Channel client = TraitsClient.connect(group, transport, proxy.address(), traits);
                page.await("document.querySelectorAll('tbody tr').length == 1", TEXT);
                client.writeAndFlush(
                        Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n", StandardCharsets.US_ASCII));
                page.await(TEXT + ".includes('note=\\\\x22" + MARKUP + "\\\\x22')", TEXT);
                page.await("document.getElementById('x') === null", "document.body.innerHTML");
                String text = page.evaluate(TEXT);
                assertTrue(text.contains("customer_id=***"), text);
                assertTrue(!text.contains("12345678"), text);
                client.close().sync();
                page.await("document.querySelectorAll('tbody tr').length == 0", TEXT);
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
