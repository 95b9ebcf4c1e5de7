package io.apus.jobs.eval.catalog;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An evaluation set as its catalog file describes it.
 *
 * @param name its name in scores and report
 * @param kind perplexity, multiple_choice or generation
 * @param data the rows, JSON Lines
 * @param prompt column of the question (text, or a list of messages with role and content); or a text with {@code {column}} in it;
 *     null for perplexity of bare text
 * @param choices columns of the choices; a single one may hold a list
 * @param answer column of the right answer; for multiple_choice its index from 0, its letter, or its text
 * @param system system prompt of every item, or null
 * @param answerPattern regular expression that finds the compared part of an answer, or null
 * @param id column that identifies an item, or null to number them
 */
public record EvalSet(
        String name,
        String kind,
        Path data,
        String prompt,
        List<String> choices,
        String answer,
        String system,
        Pattern answerPattern,
        String id) {
    public EvalSet {
        choices = List.copyOf(choices);
    }
}
