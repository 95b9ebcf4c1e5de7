package io.apus.corpus.tokenize.bpe;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A token that is found in the text before anything else.
 *
 * @param stripsLeft whether it takes the white space before it in
 * @param stripsRight whether it takes the white space behind it in
 * @param isNormalized whether it is looked for in the normalised text, after those that are not
 */
record AddedToken(String content, int id, boolean stripsLeft, boolean stripsRight, boolean isNormalized) {
    static AddedToken of(JsonNode json) {
        return new AddedToken(
                json.path("content").asText(),
                json.path("id").asInt(-1),
                json.path("lstrip").asBoolean(),
                json.path("rstrip").asBoolean(),
                json.path("normalized").asBoolean());
    }

    boolean beginsWithSpace() {
        return isWhiteSpace(content.charAt(0));
    }

    /** Unicode's White_Space, all of which is in the basic plane. */
    static boolean isWhiteSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x85 && isRareWhiteSpace(c));
    }

    private static boolean isRareWhiteSpace(char c) {
        return switch (c) {
            case 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
            default -> c >= 0x2000 && c <= 0x200a;
        };
    }
}
