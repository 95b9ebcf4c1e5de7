package io.apus.corpus.mapping.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.ingest.Synonyms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code standard}: names the only column that can be the system prompt, the question or the answer {@code system}, {@code query} or
 * {@code response} (see {@link Synonyms}). */
public final class StandardStep implements RowStep {
    private static final Map<String, List<String>> SYNONYMS =
            Map.of("system", Synonyms.SYSTEM, "query", Synonyms.QUERY, "response", Synonyms.RESPONSE);

    /** Rewards read it under its own name, so it stays there too. */
    private static final String SOLUTION = "solution";

    private StandardStep() {}

    public static RowStep of(StepOptions options) {
        options.only();
        return new StandardStep();
    }

    @Override
    public void apply(ObjectNode row, Draws draws) {
        SYNONYMS.forEach((name, synonyms) -> {
            List<String> found = new ArrayList<>();
            row.fieldNames().forEachRemaining(column -> {
                if (synonyms.contains(column.toLowerCase(Locale.ROOT))) {
                    found.add(column);
                }
            });
            if (!row.has(name) && found.size() == 1) {
                String column = found.get(0);
                row.set(name, column.equals(SOLUTION) ? row.get(column) : row.remove(column));
            }
        });
    }

    @Override
    public String words() {
        return "the columns that mean them become system, query and response";
    }
}
