package io.apus.corpus.ingest;

import java.util.List;

/** Columns that mean the same, the standard name first, as ms-swift's {@code ResponsePreprocessor} knows them. Letter case does not count. */
public final class Synonyms {
    public static final List<String> SYSTEM = List.of("system", "system_prompt");
    public static final List<String> QUERY = List.of("query", "prompt", "input", "instruction", "question", "problem");
    public static final List<String> RESPONSE = List.of(
            "response",
            "answer",
            "output",
            "targets",
            "target",
            "answer_key",
            "answers",
            "solution",
            "text",
            "completion",
            "content");

    private Synonyms() {}
}
