package io.apus.corpus.filter.privacy;

import java.util.Arrays;

/** Tells addresses from other text of hexadecimal digits and colons. */
final class IpAddress {
    private IpAddress() {}

    /**
     * Whether {@code text} is an IPv6 address (RFC 4291): eight groups, or fewer around one double colon. Without a decimal digit or with
     * fewer than two groups it is taken for code (a scope operator) or a time.
     */
    static boolean isVersion6(String text) {
        int gap = text.indexOf("::");
        if (text.indexOf("::", gap + 1) >= 0 && gap >= 0) {
            return false;
        }
        boolean ends = (text.startsWith(":") && gap != 0) || (text.endsWith(":") && gap != text.length() - 2);
        String[] groups = Arrays.stream(text.split(":", -1))
                .filter(group -> !group.isEmpty())
                .toArray(String[]::new);
        boolean short4 = Arrays.stream(groups).allMatch(group -> group.length() <= 4);
        boolean complete = gap >= 0 ? groups.length >= 2 && groups.length <= 7 : groups.length == 8;
        return complete && short4 && !ends && text.chars().anyMatch(c -> c >= '0' && c <= '9');
    }
}
