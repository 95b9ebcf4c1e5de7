package io.apus.eval.task;

import static io.apus.schemas.Registry.entry;

import io.apus.schemas.Registry;

/** The ways of measuring a model by name. */
public final class EvalKinds {
    public static final String PERPLEXITY = "perplexity";
    public static final String MULTIPLE_CHOICE = "multiple_choice";
    public static final String GENERATION = "generation";

    public static final Registry<EvalKind> REGISTRY = Registry.of(
            "kind of evaluation",
            entry(PERPLEXITY, new PerplexityKind()),
            entry(MULTIPLE_CHOICE, new MultipleChoiceKind()),
            entry(GENERATION, new GenerationKind()));

    private EvalKinds() {}
}
