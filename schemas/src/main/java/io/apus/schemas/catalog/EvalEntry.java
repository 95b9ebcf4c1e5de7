package io.apus.schemas.catalog;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An evaluation set as its catalog file describes it.
 *
 * @param name its name in scores and report
 * @param kind perplexity, multiple_choice or generation
 * @param path the rows, JSON Lines
 * @param prompt column of the question (text, or a list of messages with role and content); or a text with {@code {column}} in it;
 *     null for perplexity of bare text
 * @param choices columns of the choices; a single one may hold a list
 * @param answer column of the right answer; for multiple_choice its index from 0, its letter, or its text
 * @param system system prompt of every item, or null
 * @param answerPattern regular expression that finds the compared part of an answer, or null
 * @param id column that identifies an item, or null to number them
 */
public record EvalEntry(
        String name,
        String kind,
        String path,
        String prompt,
        List<String> choices,
        String answer,
        String system,
        String answerPattern,
        String id) {
    /** @throws UserError with everything that is wrong */
    public EvalEntry {
        choices = choices == null ? List.of() : List.copyOf(choices);
        List<String> problems = new ArrayList<>();
        required("name", name, problems);
        required("kind", kind, problems);
        required("path", path, problems);
        required("answer", answer, problems);
        if (answerPattern != null) {
            try {
                Pattern.compile(answerPattern);
            } catch (PatternSyntaxException e) {
                problems.add("answer_pattern is not a regular expression: " + e.getDescription());
            }
        }
        if (!problems.isEmpty()) {
            throw new UserError("Cannot use the evaluation set " + name, String.join("; ", problems), "");
        }
    }

    private static void required(String key, String value, List<String> problems) {
        if (value == null || value.isBlank()) {
            problems.add(key + " is missing");
        }
    }
}
