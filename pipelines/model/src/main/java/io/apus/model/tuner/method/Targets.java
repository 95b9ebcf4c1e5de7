package io.apus.model.tuner.method;

import static io.apus.model.tuner.method.ModuleNames.ALL_EMBEDDING;
import static io.apus.model.tuner.method.ModuleNames.isEmbedding;
import static io.apus.model.tuner.method.ModuleNames.isNamed;
import static io.apus.model.tuner.method.ModuleNames.last;
import static io.apus.model.tuner.method.ModuleNames.owner;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.Stretch;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TargetSpec;
import io.apus.schemas.spec.TunerSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which linears an adapter changes, and whether the token embedding too. The output head is none of them: it is trained in full through
 * modules_to_save.
 *
 * @param modules suffixes of module names, {@code all-linear} or {@code all-embedding}
 * @param regex a pattern over whole module names that takes the place of {@code modules}, or null
 * @param parameters names' ends of weights that hold the matrices of all experts of a layer
 */
public record Targets(List<String> modules, String regex, List<String> parameters) {
    static final String ALL_LINEAR = "all-linear";

    /** Modules alone. */
    public Targets(List<String> modules) {
        this(modules, null, List.of());
    }

    public static Targets of(TargetSpec spec) {
        return new Targets(spec.targetModules(), spec.targetRegex(), spec.targetParameters());
    }

    /** Refuses options of {@link TargetSpec} for a tuner that changes no linears of choice. */
    public static void requireNone(TunerSpec spec) {
        TargetSpec targets = spec.targets();
        if (targets.targetRegex() != null
                || !targets.targetModules().equals(List.of(ALL_LINEAR))
                || !targets.modulesToSave().isEmpty()) {
            throw new UserError(
                    "Cannot attach " + spec.tunerType(),
                    "it has no use for target_modules, target_regex and modules_to_save",
                    "Leave them out.");
        }
    }

    /** The targets in the order of their names. */
    public List<ProjectionSlot> of(DecoderModel model) {
        return places(model).linears();
    }

    Places places(DecoderModel model) {
        return among(model.projections().values(), model.embedding(), model.blocks(), model.stretch());
    }

    /** The targets in a model that is only described. */
    Places places(Decoder described) {
        return among(described.projections().values(), described.embedding(), described.blocks(), described.stretch());
    }

    private Places among(
            Collection<ProjectionSlot> slots, Embedding embedding, List<DecoderBlock> blocks, Stretch stretch) {
        boolean embeds = regex == null
                ? modules.stream().anyMatch(name -> isEmbedding(embedding.weight(), name))
                : pattern().matcher(owner(embedding.weight())).matches();
        List<ProjectionSlot> linears = regex == null ? suffixed(slots, embedding) : matching(slots, embeds);
        return new Places(
                linears,
                Optional.of(embedding).filter(it -> embeds && stretch.embeds()),
                new ExpertTargets(parameters).among(blocks));
    }

    /** The last part of a module's name, e.g. {@code q_proj}. */
    public static String suffix(ProjectionSlot slot) {
        return last(slot.name());
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new UserError(
                    "Cannot attach adapter", "target_regex is no pattern (" + e.getDescription() + ")", "", e);
        }
    }

    private List<ProjectionSlot> matching(Collection<ProjectionSlot> slots, boolean others) {
        Pattern pattern = pattern();
        List<ProjectionSlot> found = slots.stream()
                .filter(slot -> pattern.matcher(slot.name()).matches())
                .toList();
        if (found.isEmpty() && !others) {
            String example = slots.iterator().next().name();
            throw new UserError(
                    "Cannot attach adapter",
                    "target_regex \"" + regex + "\" matches no linear",
                    "It must match a whole name such as " + example + ".");
        }
        return found;
    }

    private List<ProjectionSlot> suffixed(Collection<ProjectionSlot> slots, Embedding embedding) {
        SortedSet<String> known = new TreeSet<>();
        slots.forEach(slot -> known.add(suffix(slot)));
        Set<ProjectionSlot> found = new LinkedHashSet<>();
        List<String> faults = new ArrayList<>();
        for (String suffix : modules) {
            List<ProjectionSlot> hits = slots.stream()
                    .filter(slot -> suffix.equals(ALL_LINEAR) || isNamed(slot.name(), suffix))
                    .toList();
            found.addAll(hits);
            if (hits.isEmpty() && !isEmbedding(embedding.weight(), suffix)) {
                faults.add("\"" + suffix + "\" (nearest: \"" + Registry.nearest(suffix, known) + "\")");
            }
        }
        if (!faults.isEmpty()) {
            throw new UserError(
                    "Cannot attach adapter",
                    "target_modules names no linear of this model with " + String.join(", ", faults),
                    "Known: " + String.join(", ", known) + ", " + ALL_LINEAR + ", " + ALL_EMBEDDING + ".");
        }
        return List.copyOf(found);
    }
}
