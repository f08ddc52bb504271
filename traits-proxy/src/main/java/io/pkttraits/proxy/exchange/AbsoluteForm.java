// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

/**
 * A request target in absolute form (RFC 9112 section 3.2.2), taken apart.
 *
 * @param authority host, and port if there is one; it stands above the Host field
 * @param originForm path and query, as they go to the upstream
 */
public record AbsoluteForm(String authority, String originForm) {

    /** Returns {@code null} if {@code target} is not an absolute http or https URI. */
    public static AbsoluteForm parse(String target) {
        int start;
        if (target.regionMatches(true, 0, "http://", 0, 7)) {
            start = 7;
        } else if (target.regionMatches(true, 0, "https://", 0, 8)) {
            start = 8;
        } else {
            return null;
        }
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(start, end);
        if (authority.isEmpty() || !isAuthority(authority)) {
            return null;
        }
        String rest = target.substring(end);
        return new AbsoluteForm(authority, rest.startsWith("/") ? rest : "/" + rest);
    }

    /** Whether {@code text} is made of what a host and a port are written with; the empty one is, as RFC 9110 allows. */
    public static boolean isAuthority(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && "-._~%!$&'()*+;=:[]".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
