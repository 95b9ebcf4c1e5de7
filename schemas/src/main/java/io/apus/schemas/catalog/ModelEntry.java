package io.apus.schemas.catalog;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A published model as the catalog knows it.
 *
 * @param ms id on ModelScope, {@code owner/name}, or null
 * @param hf id on Hugging Face, {@code owner/name}, or null
 * @param modelType ms-swift's name for its family
 * @param architectures the classes that its config.json may name, e.g. {@code Qwen2ForCausalLM}; empty where it names none
 * @param template chat template by name, see pipelines/corpus
 * @param context tokens that the published config.json allows ({@code max_position_embeddings} or what stands for it) or, where that is
 *     not at hand, that its publisher promises; {@link #UNLIMITED} where the architecture sets no limit; null where nobody looked it up
 * @param kind what it was made for, one of {@link #KINDS}
 */
public record ModelEntry(
        String ms,
        String hf,
        String modelType,
        List<String> architectures,
        String template,
        Long context,
        String kind) {
    /** The context of models that know no positions, or only distances: state spaces, ALiBi. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Talks; continues text; gives a vector; scores a passage, an answer, the steps of an answer; fills gaps. */
    public static final List<String> KINDS =
            List.of("chat", "base", "embedding", "reranker", "reward", "prm", "encoder");

    /** @throws UserError with everything that is wrong */
    public ModelEntry {
        architectures = architectures == null ? List.of() : List.copyOf(architectures);
        kind = kind == null ? KINDS.get(0) : kind;
        List<String> problems = new ArrayList<>();
        if (ms == null && hf == null) {
            problems.add("it has neither an id on both hubs nor ms or hf");
        }
        hubId("ms", ms, problems);
        hubId("hf", hf, problems);
        required("model_type", modelType, problems);
        required("template", template, problems);
        if (context != null && context < 2) {
            problems.add("context is " + context);
        }
        if (!KINDS.contains(kind)) {
            problems.add(
                    "the kind \"" + kind + "\" is not known, did you mean \"" + Registry.nearest(kind, KINDS) + "\"?");
        }
        if (!problems.isEmpty()) {
            throw new UserError("Cannot use the model " + (ms == null ? hf : ms), String.join("; ", problems), "");
        }
    }

    private static void hubId(String hub, String id, List<String> problems) {
        if (id != null && !id.matches("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*")) {
            problems.add(hub + " is \"" + id + "\", not owner/name");
        }
    }

    private static void required(String key, String value, List<String> problems) {
        if (value == null || value.isBlank()) {
            problems.add(key + " is missing");
        }
    }

    /** Its id on ModelScope, or on Hugging Face where it is there only. */
    public String id() {
        return ms == null ? hf : ms;
    }

    /** Whether a hub calls it {@code id}, in whatever case. */
    public boolean isCalled(String id) {
        return id.equalsIgnoreCase(ms) || id.equalsIgnoreCase(hf);
    }

    /** Whether {@code name} is the last part of one of its ids, in whatever case. */
    public boolean isNamed(String name) {
        return name.equalsIgnoreCase(lastPart(ms)) || name.equalsIgnoreCase(lastPart(hf));
    }

    private static String lastPart(String id) {
        return id == null ? null : id.substring(id.indexOf('/') + 1);
    }

    /** Whether an id, the family, an architecture, the template or the kind has {@code word} in it, in whatever case. */
    public boolean has(String word) {
        String all = String.join(
                "\n",
                String.valueOf(ms),
                String.valueOf(hf),
                modelType,
                String.join("\n", architectures),
                template,
                kind);
        return all.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT));
    }
}
