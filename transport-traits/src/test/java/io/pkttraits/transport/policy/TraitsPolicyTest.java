// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraitsPolicyTest {
    private static final Traits IN =
            Traits.builder().putInt(4, 12345).putFlag(9).putLong(63, -2).build();
    private static final InetSocketAddress PEER = new InetSocketAddress("10.1.2.3", 40_000);
    private static final ConnectionFacts FACTS =
            new ConnectionFacts(PEER, new InetSocketAddress("2001:db8::7", 443), "WWW.Example.org", "http/1.1");

    @Test
    void withoutRulesEverythingIsTakenAndGoesOn() {
        assertSame(IN, TraitsPolicy.ALL.accept(PEER, IN));
        assertSame(IN, TraitsPolicy.ALL.accept(null, IN));
        assertSame(IN, TraitsPolicy.ALL.forward(FACTS, IN));
        assertSame(IN, TraitsPolicy.ALL.ofConnection(IN));
        assertFalse(TraitsPolicy.ALL.forwardsNothing());
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, '4'",
        "10.2.0.1, '4,9'",
        "2001:db8::1, '63'",
        "192.0.2.1, ''",
        "2001:db9::1, ''",
    })
    void firstRuleThatNamesThePeerDecides(String peer, String keys) {
        TraitsPolicy policy = TraitsPolicy.builder()
                .accept(List.of("10.1.0.0/16"), mask(4))
                .accept(List.of("10.0.0.0/8"), mask(4, 9))
                .accept(List.of("2001:db8::/32"), mask(63))
                .build();
        Traits expected = IN.only(maskOf(keys));
        assertEquals(expected, policy.accept(new InetSocketAddress(peer, 1), IN));
        BoundTraitsPolicy bound = policy.bind(ConnectionFacts.of(new InetSocketAddress(peer, 1), null));
        assertEquals(expected, bound.accept(IN));
    }

    @Test
    void ruleAboutEverybodyIsAboutPeersWithoutAnAddressToo() {
        TraitsPolicy policy = TraitsPolicy.builder()
                .accept(List.of("0.0.0.0/0", "::/0"), -1L)
                .acceptFromAll(mask(9))
                .build();
        assertSame(IN, policy.accept(PEER, IN));
        assertEquals(IN.only(mask(9)), policy.accept(null, IN));
        assertEquals(IN.only(mask(9)), policy.accept(InetSocketAddress.createUnresolved("10.1.2.3", 1), IN));
    }

    @Test
    void entryThatIsNoNetworkIsNamed() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> TraitsPolicy.builder().accept(List.of("10.0.0.0/8", "10.0.0.0/33"), -1L));
        assertTrue(e.getMessage().contains("'10.0.0.0/33'"), e.getMessage());
    }

    @Test
    void onlyAndExceptChooseAndLeaveASetThatFitsAsItIs() {
        TraitsPolicy only = TraitsPolicy.builder().forwardOnly(mask(4, 17)).build();
        assertEquals(IN.only(mask(4)), only.forward(FACTS, IN));
        Traits four = IN.only(mask(4));
        assertSame(four, only.forward(FACTS, four));
        TraitsPolicy except = TraitsPolicy.builder().forwardExcept(mask(4)).build();
        assertEquals(IN.without(4), except.forward(FACTS, IN));
        assertSame(Traits.EMPTY, except.forward(FACTS, four));
    }

    @Test
    void nothingIsForwardedWithAnEmptyMask() {
        TraitsPolicy none = TraitsPolicy.builder().forwardOnly(0).build();
        assertSame(Traits.EMPTY, none.forward(FACTS, IN));
        assertTrue(none.forwardsNothing());
    }

    @Test
    void renamedKeyGoesOnUnderItsNewNameAlone() {
        TraitsPolicy policy = TraitsPolicy.builder().forwardAll().rename(4, 5).build();
        assertEquals(IN.without(4).withInt(5, 12345), policy.forward(FACTS, IN));
        assertEquals(Traits.EMPTY.withFlag(9), policy.forward(FACTS, Traits.EMPTY.withFlag(9)));
    }

    @Test
    void keysCanChangePlaces() {
        TraitsPolicy policy = TraitsPolicy.builder().rename(4, 63).rename(63, 4).build();
        assertEquals(Traits.builder().putLong(4, -2).putInt(63, 12345).build(), policy.forward(FACTS, IN));
    }

    @ParameterizedTest
    @CsvSource({"KEEP_FIRST, true, 7", "KEEP_FIRST, false, 12345", "KEEP_LAST, true, 12345", "KEEP_LAST, false, 7"})
    void orderOfTheRulesDecidesWhoseValueItIs(KeyConflict merge, boolean setFirst, int expected) {
        TraitsPolicyBuilder builder = TraitsPolicy.builder().onSameKey(merge);
        Traits constant = Traits.EMPTY.withInt(4, 7);
        TraitsPolicy policy = setFirst
                ? builder.set(constant).forwardAll().build()
                : builder.forwardAll().set(constant).build();
        assertEquals(IN.withInt(4, expected), policy.forward(FACTS, IN));
        assertEquals(constant, policy.forward(FACTS, Traits.EMPTY));
        assertEquals(IN.withInt(4, expected), policy.bind(FACTS).forward(IN));
    }

    @Test
    void sameKeyTwiceIsAnErrorWhereThePolicySaysSo() {
        TraitsPolicy policy = TraitsPolicy.builder()
                .onSameKey(KeyConflict.ERROR)
                .forwardOnly(mask(4, 9))
                .forwardAll()
                .set(Traits.EMPTY.withInt(4, 7))
                .build();
        TraitsConflictException e = assertThrows(TraitsConflictException.class, () -> policy.forward(FACTS, IN));
        assertEquals(4, e.key());
        assertEquals(IN.withInt(4, 7), policy.forward(FACTS, IN.without(4)));
    }

    @Test
    void twoConstantsOfOneKeyAreRefusedWhereThatIsAnError() {
        TraitsPolicyBuilder builder = TraitsPolicy.builder()
                .onSameKey(KeyConflict.ERROR)
                .set(Traits.EMPTY.withInt(4, 7))
                .set(4, FactKind.PEER_PORT);
        assertThrows(IllegalArgumentException.class, builder::build);
    }

    @Test
    void factsAreOfTheConnection() throws Exception {
        TraitsPolicy policy = TraitsPolicy.builder()
                .set(20, FactKind.PEER_ADDRESS)
                .set(21, FactKind.PEER_PORT)
                .set(22, FactKind.LOCAL_ADDRESS)
                .set(23, FactKind.LOCAL_PORT)
                .set(24, FactKind.ALPN)
                .set(25, FactKind.SNI_SHA256)
                .forwardAll()
                .build();
        Traits out = policy.forward(FACTS, Traits.EMPTY);
        assertEquals(InetAddress.getByName("10.1.2.3"), out.getAddress(20));
        assertEquals(40_000, out.getInt(21, -1));
        assertEquals(InetAddress.getByName("2001:db8::7"), out.getAddress(22));
        assertEquals(443, out.getInt(23, -1));
        assertArrayEquals("http/1.1".getBytes(StandardCharsets.US_ASCII), out.getBytes(24));
        // printf www.example.org | sha256sum
        assertEquals(
                "{25=0x8a59b0a30caeff0f2ca1340ecc08d838}", out.only(mask(25)).toString());
        assertSame(IN, policy.forward(ConnectionFacts.of(null, null), IN));
        assertSame(IN, policy.bind(ConnectionFacts.of(null, null)).forward(IN));
    }

    @ParameterizedTest
    @CsvSource({"h2, 0x6832", "h3, 0x6833", "abc, 0x61626300", "x, 0x7800", "aaaaaaaaaaaaaaaaa, "})
    void alpnIsFilledUpToTheNextSize(String alpn, String hex) {
        TraitsPolicy policy = TraitsPolicy.builder().set(1, FactKind.ALPN).build();
        Traits out = policy.forward(new ConnectionFacts(null, null, null, alpn), Traits.EMPTY);
        assertEquals(hex == null ? "{}" : "{1=" + hex + "}", out.toString());
    }

    @Test
    void connectionsHaveTheKeysThatPartitionAlone() {
        TraitsPolicy policy = TraitsPolicy.builder().partitionBy(mask(4)).build();
        assertEquals(IN.only(mask(4)), policy.ofConnection(policy.forward(FACTS, IN)));
    }

    @Test
    void impossibleRulesAreRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> TraitsPolicy.builder().rename(4, 64),
                () -> TraitsPolicy.builder().rename(-1, 4),
                () -> TraitsPolicy.builder().rename(4, 4),
                () -> TraitsPolicy.builder().rename(4, 5).rename(4, 6),
                () -> TraitsPolicy.builder().set(64, FactKind.ALPN))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }

    private static long mask(int... keys) {
        long mask = 0;
        for (int key : keys) {
            mask |= 1L << key;
        }
        return mask;
    }

    private static long maskOf(String keys) {
        long mask = 0;
        for (String key : keys.split(",", -1)) {
            mask |= key.isEmpty() ? 0 : 1L << Integer.parseInt(key);
        }
        return mask;
    }
}
