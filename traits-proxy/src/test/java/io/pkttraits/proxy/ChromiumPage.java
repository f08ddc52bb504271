// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page in headless Chromium, asked by its DevTools protocol. */
final class ChromiumPage implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Pattern PAGE = Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]+/page/[^\"]+)\"");

    private final Process chromium;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private WebSocket devTools;

    /** @param profile a directory of its own */
    ChromiumPage(Path profile, String url) throws IOException, InterruptedException {
        chromium = new ProcessBuilder(command(profile, "--remote-debugging-port=0", url))
                .redirectErrorStream(true)
                .redirectOutput(profile.resolveSibling("chromium.txt").toFile())
                .start();
        boolean done = false;
        try {
            devTools = connect(awaitPage(profile.resolve("DevToolsActivePort")));
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** Starts it for as long as a test may take, without what it says to its maker. */
    static List<String> command(Path profile, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                "110",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
        command.addAll(List.of(more));
        return command;
    }

    /** Waits until the expression is true, and fails with what the other one says if it does not become so. */
    void await(String expression, String otherwise) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!evaluate(expression).contains("\"value\":true")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(expression + " is not true: " + evaluate(otherwise));
            }
            Thread.sleep(100);
        }
    }

    /** What DevTools say of a JavaScript expression, which must have no double quotes. */
    String evaluate(String expression) throws InterruptedException {
        devTools.sendText(
                "{\"id\":1,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"" + expression + "\"}}", true);
        String answer = answers.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        if (answer == null) {
            throw new AssertionError("no answer to " + expression);
        }
        return answer;
    }

    @Override
    public void close() {
        chromium.destroy();
        chromium.onExit().completeOnTimeout(null, 20, TimeUnit.SECONDS).join();
        chromium.destroyForcibly();
    }

    private URI awaitPage(Path portFile) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline) {
            if (Files.exists(portFile) && Files.size(portFile) > 0) {
                String port = Files.readAllLines(portFile).get(0);
                HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                        .build();
                Matcher page =
                        PAGE.matcher(client.send(list, BodyHandlers.ofString()).body());
                if (page.find()) {
                    return URI.create(page.group(1));
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("chromium has no page");
    }

    private WebSocket connect(URI page) {
        return client.newWebSocketBuilder()
                .buildAsync(page, new WebSocket.Listener() {
                    private final StringBuilder message = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
                        message.append(part);
                        if (last) {
                            answers.add(message.toString());
                            message.setLength(0);
                        }
                        webSocket.request(1);
                        return null;
                    }
                })
                .join();
    }
}
