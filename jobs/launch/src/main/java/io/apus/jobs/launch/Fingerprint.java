package io.apus.jobs.launch;

import io.apus.jobs.launch.options.SpecText;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.spec.RunSpec;
import io.apus.shards.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that decides a stage's output besides its inputs.
 *
 * @param configuration the settings of its sections as "section.option" to text
 * @param seed the run's seed
 * @param codeVersion the version of Apus
 */
record Fingerprint(Map<String, String> configuration, long seed, String codeVersion) {
    private static final String ABSENT = "(absent)";

    static Fingerprint of(RunSpec spec, Collection<String> sections) {
        return new Fingerprint(new TreeMap<>(SpecText.of(spec, sections)), spec.seed(), CodeVersion.get());
    }

    /** The same settings as {@code manifest} has, with the values that {@code spec} gives them. */
    static Fingerprint like(Manifest manifest, RunSpec spec) {
        Map<String, String> now = new TreeMap<>(SpecText.of(spec));
        now.keySet().retainAll(manifest.configuration().keySet());
        return new Fingerprint(now, spec.seed(), CodeVersion.get());
    }

    /** SHA-256 as hex of the canonical text. */
    String sha256() {
        StringBuilder text = new StringBuilder("seed=" + seed + "\ncode_version=" + codeVersion + "\n");
        new TreeMap<>(configuration).forEach((key, value) -> text.append(key.length() + value.length())
                .append(' ')
                .append(key)
                .append('=')
                .append(value)
                .append('\n'));
        return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** One text for each setting that differs from the committed one: "train.learning_rate is 2.0E-5, was 1.0E-4". */
    List<String> differences(Manifest manifest) {
        List<String> found = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(configuration.keySet());
        keys.addAll(manifest.configuration().keySet());
        for (String key : keys) {
            compare(found, key, configuration.get(key), manifest.configuration().get(key));
        }
        compare(found, "seed", Long.toString(seed), Long.toString(manifest.seed()));
        compare(found, "the version of Apus", codeVersion, manifest.codeVersion());
        return found;
    }

    private static void compare(List<String> found, String key, String now, String before) {
        String a = now == null ? ABSENT : now;
        String b = before == null ? ABSENT : before;
        if (!a.equals(b)) {
            found.add(key + " is " + a + ", was " + b);
        }
    }
}
