package io.apus.hub;

import java.util.Map;

/**
 * A repository as a user names it: {@code hf::owner/name}, {@code ms::owner/name}, or {@code owner/name} at the usual hub, which is ModelScope
 * unless {@code USE_HF} is 1, as in ms-swift.
 *
 * @param hub for {@link Hub#of(String, Map)}: "hf" or "ms"
 * @param id the rest, not yet checked
 */
public record HubName(String hub, String id) {
    private static final String MARK = "::";

    public static HubName parse(String text, Map<String, String> env) {
        int mark = text.indexOf(MARK);
        if (mark >= 0) {
            return new HubName(text.substring(0, mark), text.substring(mark + MARK.length()));
        }
        return new HubName(HubSettings.isTrue(env, "USE_HF") ? "hf" : "ms", text);
    }
}
