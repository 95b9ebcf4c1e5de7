package io.apus.corpus.tokenize.bpe.split;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code pre_tokenizer} of a tokenizer.json whose last step writes bytes as characters. */
public final class Splitters {
    /** What GPT-2 cuts words with, and ByteLevel unless {@code use_regex} is false. */
    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private static final String NUMBER = "\\p{N}";

    private Splitters() {}

    /**
     * A splitter and what it wants of the text.
     *
     * @param addsPrefixSpace whether every text between added tokens begins with a space, one being put before it if need be
     */
    public record ByteLevel(Splitter splitter, boolean addsPrefixSpace) {}

    /**
     * Reads {@code pre_tokenizer}.
     *
     * @throws NotSupported where it has anything but Split, Digits and a ByteLevel at its end
     */
    public static ByteLevel read(JsonNode preTokenizer) throws NotSupported {
        List<JsonNode> steps = new ArrayList<>();
        flatten(preTokenizer, steps);
        Splitter splitter = null;
        boolean addsPrefixSpace = false;
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            String type = step.path("type").asText();
            Splitter next = splitter(step, type);
            if (type.equals("ByteLevel") != (i == steps.size() - 1)) {
                throw new NotSupported("its pre-tokenizer does not end with its only ByteLevel");
            }
            addsPrefixSpace =
                    type.equals("ByteLevel") && step.path("add_prefix_space").asBoolean();
            if (addsPrefixSpace && i > 0) {
                throw new NotSupported("its pre-tokenizer puts a space before every piece");
            }
            splitter = splitter == null ? next : next == Splitter.WHOLE ? splitter : splitter.then(next);
        }
        if (splitter == null) {
            throw new NotSupported("it has no pre-tokenizer");
        }
        return new ByteLevel(splitter, addsPrefixSpace);
    }

    private static void flatten(JsonNode preTokenizer, List<JsonNode> steps) {
        if (preTokenizer.path("type").asText().equals("Sequence")) {
            preTokenizer.path("pretokenizers").forEach(step -> flatten(step, steps));
        } else if (preTokenizer.isObject()) {
            steps.add(preTokenizer);
        }
    }

    private static Splitter splitter(JsonNode step, String type) throws NotSupported {
        return switch (type) {
            case "ByteLevel" ->
                step.path("use_regex").asBoolean(true)
                        ? new PatternSplitter(Pattern.of(GPT2), PatternSplitter.Behavior.ISOLATED, false)
                        : Splitter.WHOLE;
            case "Digits" ->
                new PatternSplitter(
                        Pattern.of(NUMBER),
                        step.path("individual_digits").asBoolean()
                                ? PatternSplitter.Behavior.ISOLATED
                                : PatternSplitter.Behavior.CONTIGUOUS,
                        false);
            case "Split" -> split(step);
            default -> throw new NotSupported("it has the pre-tokenizer " + type);
        };
    }

    private static Splitter split(JsonNode step) throws NotSupported {
        JsonNode pattern = step.path("pattern");
        Pattern compiled = pattern.has("Regex")
                ? Pattern.of(pattern.path("Regex").asText())
                : Pattern.literal(pattern.path("String").asText());
        PatternSplitter.Behavior behavior =
                PatternSplitter.behavior(step.path("behavior").asText());
        boolean isInverted = step.path("invert").asBoolean();
        if (isInverted && behavior == PatternSplitter.Behavior.CONTIGUOUS) {
            throw new NotSupported("it splits with an inverted pattern and the behavior Contiguous");
        }
        return new PatternSplitter(compiled, behavior, isInverted);
    }
}
