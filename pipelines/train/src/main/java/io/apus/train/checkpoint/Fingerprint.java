package io.apus.train.checkpoint;

import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that decides what a training run computes, by name: a run may go on from a checkpoint only if nothing of it has changed.
 *
 * @param facts name, e.g. {@code dataset} or {@code train.learning_rate}, to text
 */
public record Fingerprint(SortedMap<String, String> facts) {
    public Fingerprint {
        facts = new TreeMap<>(facts);
    }

    /** Throws a {@link UserError} that lists each fact in which this run differs from the one that wrote {@code checkpoint}. */
    public void requireSame(Fingerprint written, String checkpoint) {
        List<String> changes = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(facts.keySet());
        names.addAll(written.facts.keySet());
        for (String name : names) {
            String before = written.facts.getOrDefault(name, "nothing");
            String now = facts.getOrDefault(name, "nothing");
            if (!before.equals(now)) {
                changes.add(name + " was " + before + ", is " + now);
            }
        }
        if (!changes.isEmpty()) {
            throw new UserError(
                    "Cannot resume from " + checkpoint,
                    String.join("; ", changes),
                    "Restore what changed, or remove the checkpoints or choose another output_dir to train anew.");
        }
    }
}
