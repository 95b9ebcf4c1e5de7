package io.apus.jobs.eval;

import io.apus.corpus.tokenize.SystemPrompt;
import io.apus.schemas.spec.TokenizeSpec;
import java.io.Serializable;

/**
 * How conversations become tokens.
 *
 * @param spec the run's section; its system prompt is a text
 */
public record CodecSettings(TokenizeSpec spec) implements Serializable {
    /** The settings of a run, its system prompt's file read. */
    public static CodecSettings of(TokenizeSpec spec) {
        return new CodecSettings(spec.withSystem(SystemPrompt.text(spec.system())));
    }
}
