package io.apus.corpus.filter.privacy;

import io.apus.corpus.filter.rule.FilterOptions;
import io.apus.corpus.filter.rule.SampleFilter;
import io.apus.corpus.filter.rule.Verdict;
import io.apus.corpus.filter.text.Turns;
import io.apus.schemas.data.Message;
import io.apus.schemas.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Personal data in the turns of a sample: some kinds are replaced by a placeholder, others make the sample be refused. Card numbers must
 * pass Luhn's check, IBANs modulo 97. Names and postal addresses are not looked for.
 *
 * @param redact kinds that are replaced
 * @param refuse kinds that no sample may have
 */
public record PiiFilter(List<String> redact, List<String> refuse) implements SampleFilter {
    private static final List<String> KINDS =
            Arrays.stream(PiiKind.values()).map(PiiKind::word).toList();

    public PiiFilter {
        redact = List.copyOf(redact);
        refuse = List.copyOf(refuse);
    }

    /** Reads the options. */
    public static SampleFilter of(FilterOptions options) {
        List<String> refuse = options.choices("refuse", List.of(), KINDS, "kinds whose samples are refused");
        List<String> redact = options.choices(
                "redact",
                options.has("refuse") ? List.of() : KINDS,
                KINDS,
                "kinds that are replaced by [KIND]; none when only refuse is given");
        for (String kind : refuse) {
            options.require(!redact.contains(kind), "refuse", "\"" + kind + "\" is in redact too");
        }
        return new PiiFilter(redact, refuse);
    }

    @Override
    public String reason() {
        return "pii";
    }

    @Override
    public boolean edits() {
        return !redact.isEmpty();
    }

    @Override
    public Verdict judge(Sample sample) {
        for (Message turn : Turns.all(sample)) {
            Map<String, Long> found = new TreeMap<>();
            scan(turn.content(), refuse, found);
            if (!found.isEmpty()) {
                return Verdict.refuse("has " + found);
            }
        }
        Map<String, Long> redacted = new TreeMap<>();
        Sample edited = Turns.edited(sample, text -> scan(text, redact, redacted));
        return redacted.isEmpty() ? Verdict.KEEP : new Verdict.Edit(edited, redacted);
    }

    /** The text with placeholders for {@code kinds}; what was found is added to {@code counts} by kind. */
    private static String scan(String text, List<String> kinds, Map<String, Long> counts) {
        if (kinds.isEmpty() || text.codePoints().noneMatch(point -> point == '@' || Character.isDigit(point))) {
            return text;
        }
        String current = text;
        for (PiiKind kind : PiiKind.values()) {
            if (kinds.contains(kind.word())) {
                StringBuilder redacted = new StringBuilder();
                long found = kind.redact(current, redacted);
                if (found > 0) {
                    counts.merge("pii_" + kind.word(), found, Long::sum);
                    current = redacted.toString();
                }
            }
        }
        return current;
    }
}
