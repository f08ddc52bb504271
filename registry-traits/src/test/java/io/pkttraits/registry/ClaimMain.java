// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A process that claims in the directory of its first argument what its further arguments or the lines of its stdin
 * say: {@code claim NAME}, {@code exclusive NAME}, {@code span NAME KEYS}, {@code close} (the last claim), {@code loop
 * NAME} (claim and close for good).
 */
final class ClaimMain {
    private static final Deque<TraitClaim> CLAIMS = new ArrayDeque<>();

    private ClaimMain() {}

    public static void main(String[] args) throws IOException {
        TraitClaims claims = new TraitClaims(Path.of(args[0]), Duration.ofSeconds(60), Clock.systemUTC());
        for (String line : List.of(args).subList(1, args.length)) {
            answer(claims, line);
        }
        if (args.length > 1) {
            return;
        }
        System.out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            answer(claims, line);
        }
    }

    private static void answer(TraitClaims claims, String line) {
        String[] words = line.split(" ", -1);
        try {
            switch (words[0]) {
                case "claim" -> claim(claims, ClaimRequest.of(words[1]));
                case "exclusive" -> claim(claims, ClaimRequest.of(words[1]).exclusively());
                case "span" -> claim(claims, ClaimRequest.of(words[1]).span(Integer.parseInt(words[2])));
                case "close" -> {
                    CLAIMS.pop().close();
                    System.out.println("closed");
                }
                case "loop" -> {
                    System.out.println("looping");
                    while (true) {
                        claims.claim(TraitRegistry.EMPTY, ClaimRequest.of(words[1]))
                                .close();
                    }
                }
                default -> throw new IllegalArgumentException(line);
            }
        } catch (TraitClaimException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    private static void claim(TraitClaims claims, ClaimRequest request) throws TraitClaimException {
        TraitClaim claim = claims.claim(TraitRegistry.EMPTY, request);
        CLAIMS.push(claim);
        System.out.println(claim);
    }
}
