// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NettyVersionTest {
    @Test
    void everyJarOfNettyOnTheClassPathIsOf41() {
        Map<String, Version> versions = Version.identify();
        assertTrue(versions.containsKey("netty-transport"), versions::toString);
        versions.values()
                .forEach(version ->
                        assertEquals("4.1.", version.artifactVersion().substring(0, 4), version::toString));
    }
}
