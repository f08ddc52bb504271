// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.config.ConfigOption;
import io.pkttraits.proxy.config.LiveTraitRules;
import io.pkttraits.proxy.net.IoTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The dashboard asks for what the proxy exposes, and leaves out nothing that is about traits. */
class GrafanaDashboardTest {
    private static final Path DASHBOARD = Path.of("..", "docs", "grafana", "traits-proxy.json");
    private static final Pattern NAME = Pattern.compile("\\b[a-z]+(?:_[a-z]+)+\\b");
    private static final Pattern LABELS = Pattern.compile("by \\(([^)]*)\\)|\\{([^}]*)\\}");

    private static String scrape() throws Exception {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        TestProxy.Builder builder = new TestProxy.Builder(IoTransport.EPOLL, nowhere);
        ConfigOption option = CommandLine.populateCommand(new ConfigOption(), "--registry", "traits.toml");
        try (LiveTraitRules rules = option.rules()) {
            builder.rules = rules;
            try (TestProxy proxy = builder.start()) {
                return proxy.server().admin().scrape();
            }
        }
    }

    /** The queries, a line each, as a parser of JSON finds them. */
    private static List<String> queries() throws Exception {
        String program = """
                import json, sys
                board = json.load(open(sys.argv[1]))
                for panel in board["panels"]:
                    for target in panel.get("targets", []):
                        print(target["expr"])
                for variable in board["templating"]["list"]:
                    if variable["type"] == "query":
                        print(variable["query"]["query"])
                """;
        return ProgramOutput.of("python3", "-c", program, DASHBOARD.toString())
                .lines()
                .toList();
    }

    private static Set<String> metricsOf(String query) {
        String withoutLabels = LABELS.matcher(query).replaceAll("").replace("$__rate_interval", "");
        return NAME.matcher(withoutLabels)
                .results()
                .map(MatchResult::group)
                .filter(name -> !name.equals("label_values"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricAndLabelOfTheDashboardIsExposed() throws Exception {
        List<String> queries = queries();
        assertTrue(queries.size() > 15, queries::toString);
        String exposed = scrape();
        for (String query : queries) {
            Set<String> metrics = metricsOf(query);
            assertTrue(!metrics.isEmpty(), query);
            for (String metric : metrics) {
                Pattern sample = Pattern.compile("^" + metric + "(?:\\{(.*)\\})? [-0-9]", Pattern.MULTILINE);
                List<String> labels = sample.matcher(exposed)
                        .results()
                        .map(found -> found.group(1) == null ? "" : found.group(1))
                        .toList();
                assertTrue(!labels.isEmpty(), metric + " is not exposed: " + query);
                for (MatchResult asked : LABELS.matcher(query).results().toList()) {
                    String list = asked.group(1) == null ? asked.group(2) : asked.group(1);
                    for (String label : list.split(",", -1)) {
                        String name = label.trim().split("[=!]", -1)[0];
                        assertTrue(
                                name.equals("instance") || labels.get(0).contains(name + "="),
                                name + " is no label of " + metric);
                    }
                }
            }
        }
    }

    @Test
    void everyMeterOfTraitsIsOnTheDashboard() throws Exception {
        Set<String> asked = new TreeSet<>();
        queries().forEach(query -> asked.addAll(metricsOf(query)));
        Set<String> exposed = Pattern.compile("^((?:pkttraits|traits_proxy)_[a-z_]+)", Pattern.MULTILINE)
                .matcher(scrape())
                .results()
                .map(MatchResult::group)
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toCollection(TreeSet::new));
        exposed.removeAll(asked);
        assertEquals(Set.of(), exposed);
    }
}
