package io.apus.jobs.eval.models;

import java.util.ArrayList;
import java.util.List;

/** What a check found: facts, and problems that keep the model from loading. */
final class CheckReport {
    private final String subject;
    private final String verdict;
    private final List<String> facts = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** @param verdict what is said where there is no problem */
    CheckReport(String subject, String verdict) {
        this.subject = subject;
        this.verdict = verdict;
    }

    void fact(String name, String text) {
        facts.add("  " + name + " ".repeat(Math.max(1, 14 - name.length())) + text);
    }

    /** @param line problem, cause and cure */
    void problem(String line) {
        problems.add(line);
    }

    boolean isGood() {
        return problems.isEmpty();
    }

    /** What it is, the facts, the problems one a line, and the verdict. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(subject);
        lines.addAll(facts);
        problems.forEach(problem -> lines.add("  problem       " + problem));
        lines.add(isGood() ? verdict : "It does not load: " + problems.size() + " problem(s).");
        return lines;
    }
}
