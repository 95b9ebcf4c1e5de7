package io.apus.jobs.eval;

import io.apus.schemas.spec.TokenizeSpec;
import java.io.Serializable;

/**
 * How conversations become tokens.
 *
 * @param useChatTemplate false joins the messages' texts instead
 * @param enableThinking value of the template's {@code enable_thinking}, or null to leave it out
 * @param system system prompt for conversations without one, or null
 */
public record CodecSettings(boolean useChatTemplate, Boolean enableThinking, String system) implements Serializable {
    static CodecSettings of(TokenizeSpec spec) {
        return new CodecSettings(spec.useChatTemplate(), spec.enableThinking(), spec.system());
    }
}
