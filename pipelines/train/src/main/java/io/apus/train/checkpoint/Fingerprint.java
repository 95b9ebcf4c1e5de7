package io.apus.train.checkpoint;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Everything that decides what a training run computes, by name: a run may go on from a checkpoint only if nothing of it has changed. A
 * fact called {@code other: detail} explains the fact {@code other}: it counts only where that one changed.
 *
 * @param facts name, e.g. {@code dataset} or {@code train.learning_rate}, to text
 */
public record Fingerprint(SortedMap<String, String> facts) {
    /** Stands between the name of a fact and that of what explains it. */
    public static final String EXPLAINS = ": ";

    private static final String NOTHING = "nothing";

    public Fingerprint {
        facts = new TreeMap<>(facts);
    }

    /**
     * Throws a {@link UserError} that lists each fact in which this run differs from the one that wrote {@code checkpoint}.
     *
     * @param ignored names of facts that may differ
     */
    public void requireSame(Fingerprint written, String checkpoint, Predicate<String> ignored) {
        List<String> changes = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(facts.keySet());
        names.addAll(written.facts.keySet());
        names.removeIf(ignored);
        for (String name : names) {
            if (changed(name, written) && explained(name).allMatch(other -> changed(other, written))) {
                String before = written.facts.getOrDefault(name, NOTHING);
                changes.add(name + " was " + before + ", is " + facts.getOrDefault(name, NOTHING));
            }
        }
        if (!changes.isEmpty()) {
            throw new UserError(
                    "Cannot resume from " + checkpoint,
                    String.join("; ", changes),
                    "Restore what changed, name it in resume_allow_changes, or remove the checkpoints or choose another output_dir to train anew.");
        }
    }

    private boolean changed(String name, Fingerprint written) {
        return !facts.getOrDefault(name, NOTHING).equals(written.facts.getOrDefault(name, NOTHING));
    }

    /** The fact that this one explains, if there is one. */
    private Stream<String> explained(String name) {
        int end = name.indexOf(EXPLAINS);
        return end < 0 ? Stream.empty() : Stream.of(name.substring(0, end));
    }
}
