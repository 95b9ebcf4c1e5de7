package io.apus.corpus.mapping;

import static io.apus.schemas.Registry.entry;

import io.apus.corpus.mapping.special.CaptionSpans;
import io.apus.corpus.mapping.special.GroundingPrompt;
import io.apus.corpus.mapping.step.ChooseStep;
import io.apus.corpus.mapping.step.EachStep;
import io.apus.corpus.mapping.step.ExtractStep;
import io.apus.corpus.mapping.step.FilterStep;
import io.apus.corpus.mapping.step.GroupsStep;
import io.apus.corpus.mapping.step.IntegerStep;
import io.apus.corpus.mapping.step.ItemStep;
import io.apus.corpus.mapping.step.JoinStep;
import io.apus.corpus.mapping.step.KeepStep;
import io.apus.corpus.mapping.step.MessagesStep;
import io.apus.corpus.mapping.step.ParseStep;
import io.apus.corpus.mapping.step.PathsStep;
import io.apus.corpus.mapping.step.PickStep;
import io.apus.corpus.mapping.step.PositionsStep;
import io.apus.corpus.mapping.step.RemoveStep;
import io.apus.corpus.mapping.step.RenameStep;
import io.apus.corpus.mapping.step.RepeatStep;
import io.apus.corpus.mapping.step.ReplaceStep;
import io.apus.corpus.mapping.step.RoundStep;
import io.apus.corpus.mapping.step.RowStep;
import io.apus.corpus.mapping.step.SetStep;
import io.apus.corpus.mapping.step.SplitStep;
import io.apus.corpus.mapping.step.StandardStep;
import io.apus.corpus.mapping.step.StepOptions;
import io.apus.corpus.mapping.step.StripStep;
import io.apus.corpus.mapping.step.TurnsStep;
import io.apus.corpus.mapping.step.ValuesStep;
import io.apus.corpus.mapping.step.WhenStep;
import io.apus.schemas.Registry;
import io.apus.schemas.catalog.MappingStep;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The steps that catalog files may name. */
public final class MappingSteps {
    private static final Registry<Function<StepOptions, RowStep>> REGISTRY = Registry.of(
            "mapping step",
            entry("rename", RenameStep::of),
            entry("standard", StandardStep::of),
            entry("set", SetStep::of),
            entry("keep", KeepStep::of),
            entry("remove", RemoveStep::of),
            entry("replace", ReplaceStep::of),
            entry("strip", StripStep::of),
            entry("extract", ExtractStep::of),
            entry("split", SplitStep::of),
            entry("join", JoinStep::of),
            entry("repeat", RepeatStep::of),
            entry("parse", ParseStep::of),
            entry("choose", ChooseStep::of),
            entry("pick", PickStep::of),
            entry("item", ItemStep::of),
            entry("values", ValuesStep::of),
            entry("positions", PositionsStep::of),
            entry("integer", IntegerStep::of),
            entry("round", RoundStep::of),
            entry("messages", MessagesStep::of),
            entry("turns", TurnsStep::of),
            entry("groups", GroupsStep::of),
            entry("paths", PathsStep::of),
            entry("keep_if", FilterStep::keepIf),
            entry("drop_if", FilterStep::dropIf),
            entry("when", WhenStep::of),
            entry("each", EachStep::of),
            entry("grounding_prompt", GroundingPrompt::of),
            entry("caption_spans", CaptionSpans::of));

    /** The steps that are classes of their own for few datasets. */
    private static final List<String> SPECIAL = List.of("grounding_prompt", "caption_spans");

    private MappingSteps() {}

    public static Set<String> names() {
        return REGISTRY.names();
    }

    /** Whether a step was made for few datasets and says nothing to others. */
    public static boolean isSpecial(MappingStep step) {
        return SPECIAL.contains(step.name());
    }

    static RowStep of(MappingStep step) {
        return REGISTRY.get(step.name()).apply(new StepOptions(step, MappingSteps::of));
    }
}
