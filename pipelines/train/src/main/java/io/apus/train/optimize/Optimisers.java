package io.apus.train.optimize;

import static io.apus.schemas.Registry.entry;

import io.apus.model.layer.Parameter;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.train.arguments.Arguments;
import io.apus.train.optimize.rule.Adafactor;
import io.apus.train.optimize.rule.Adagrad;
import io.apus.train.optimize.rule.Adam32Bit;
import io.apus.train.optimize.rule.Adam8Bit;
import io.apus.train.optimize.rule.AdamW;
import io.apus.train.optimize.rule.CountingMemory;
import io.apus.train.optimize.rule.GaLore;
import io.apus.train.optimize.rule.Lion;
import io.apus.train.optimize.rule.MappedMemory;
import io.apus.train.optimize.rule.Memory;
import io.apus.train.optimize.rule.Muon;
import io.apus.train.optimize.rule.NarrowMemory;
import io.apus.train.optimize.rule.ResidentMemory;
import io.apus.train.optimize.rule.RmsProp;
import io.apus.train.optimize.rule.RuleMaker;
import io.apus.train.optimize.rule.ScheduleFree;
import io.apus.train.optimize.rule.Sgd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleFunction;

/** The optimisers by the names that {@code optim} has in transformers. */
public final class Optimisers {
    private static final String PAGED = "paged_";
    private static final String MUON = "muon";

    private static final Registry<BiFunction<TrainSpec, Arguments, RuleMaker>> RULES = Registry.of(
            "optim",
            entry("adamw_torch", AdamW::maker),
            entry("adamw_torch_fused", AdamW::maker),
            entry("adamw_8bit", Adam8Bit::maker),
            entry("adamw_bnb_8bit", Adam8Bit::maker),
            entry("paged_adamw_8bit", Adam8Bit::maker),
            entry("paged_adamw_32bit", Adam32Bit::maker),
            entry("adafactor", Adafactor::maker),
            entry("lion_32bit", Lion::maker),
            entry("lion_8bit", Lion::maker8Bit),
            entry("paged_lion_32bit", Lion::maker),
            entry("paged_lion_8bit", Lion::maker8Bit),
            entry("sgd", Sgd::maker),
            entry("adagrad", Adagrad::maker),
            entry("rmsprop", RmsProp::maker),
            entry("schedule_free_adamw", ScheduleFree::adamW),
            entry("schedule_free_radam", ScheduleFree::rAdam),
            entry("schedule_free_sgd", ScheduleFree::sgd));

    private Optimisers() {}

    public static Set<String> names() {
        return RULES.names();
    }

    /** Whether what {@code spec} asks for moves each number by its own gradients alone, so that parts of a matrix move as in the whole. */
    public static boolean byElement(TrainSpec spec) {
        return spec.optimizer() == null
                && !spec.galore().useGalore()
                && !spec.optim().equals("adafactor")
                && !spec.optim().contains("8bit");
    }

    /** Which parameters, by name and shape of the whole, may be moved in parts that know nothing of each other. */
    public static BiPredicate<String, long[]> splits(TrainSpec spec) {
        RuleMaker maker = maker(spec);
        return maker::splits;
    }

    /** An optimiser that moves all {@code parameters} with the same learning rate. */
    public static Optimiser of(List<Parameter> parameters, TrainSpec spec) {
        return of(parameters, spec, parameter -> 1);
    }

    /**
     * The optimiser that {@code spec} asks for.
     *
     * @param rateRatio what the learning rate is multiplied by for a parameter
     * @throws UserError when optim_args or the options of GaLore do not fit
     */
    public static Optimiser of(List<Parameter> parameters, TrainSpec spec, ToDoubleFunction<Parameter> rateRatio) {
        check(parameters, spec);
        return of(parameters.stream().map(Movable::of).toList(), spec, rateRatio, maker(spec));
    }

    /** As the other, for what one rank keeps of the parameters: parts that {@link #splits} allows. */
    public static Optimiser ofParts(
            List<? extends Movable> parts, TrainSpec spec, ToDoubleFunction<Parameter> rateRatio) {
        return of(parts, spec, rateRatio, maker(spec));
    }

    private static Optimiser of(
            List<? extends Movable> targets, TrainSpec spec, ToDoubleFunction<Parameter> rateRatio, RuleMaker maker) {
        Map<Device, Memory> memories = new LinkedHashMap<>();
        List<RuleOptimiser.Moved> moved = new ArrayList<>();
        for (Movable target : targets) {
            Parameter parameter = target.parameter();
            Memory memory = memories.computeIfAbsent(parameter.device(), device -> memory(device, spec));
            moved.add(new RuleOptimiser.Moved(
                    target,
                    maker.of(parameter.name(), target.shape(), beside(parameter, memory)),
                    rateRatio.applyAsDouble(parameter),
                    WeightDecay.appliesTo(parameter.name()) ? spec.weightDecay() : 0));
        }
        return new RuleOptimiser(moved, memories.values());
    }

    /** For what lies on {@code device}. */
    private static Memory memory(Device device, TrainSpec spec) {
        boolean offload = spec.parallelPlan().offloadOptimiser();
        if (!spec.optim().startsWith(PAGED) && !offload) {
            return new ResidentMemory(device);
        }
        if (device.isCuda()) {
            throw new UserError(
                    "Cannot train with " + (offload ? spec.sharing().spread() : "optim " + spec.optim()),
                    "its states are kept in the host's memory, and the weights are on " + device,
                    offload
                            ? "Leave offload out."
                            : "Choose " + spec.optim().substring(PAGED.length()) + ", or adamw_8bit.");
        }
        return new MappedMemory();
    }

    private static Memory beside(Parameter parameter, Memory memory) {
        DType own = parameter.dtype();
        return own == DType.F32 ? memory : new NarrowMemory(memory, own);
    }

    /**
     * Whether what {@code spec} asks for can move {@code parameters}, which are all that are trained, on whatever ranks.
     *
     * @throws UserError as {@link #of}
     */
    public static void check(List<Parameter> parameters, TrainSpec spec) {
        maker(spec);
        requireTargets(
                spec,
                parameters.stream()
                        .anyMatch(parameter -> GaLore.applies(spec.galore(), parameter.name(), parameter.shape())));
    }

    /**
     * Bytes of everything that the optimiser remembers for parameters of these names and shapes.
     *
     * @throws UserError as {@link #of}
     */
    public static long stateBytes(Map<String, long[]> shapes, TrainSpec spec) {
        RuleMaker maker = maker(spec);
        requireTargets(
                spec,
                shapes.entrySet().stream()
                        .anyMatch(one -> GaLore.applies(spec.galore(), one.getKey(), one.getValue())));
        try (CountingMemory memory = new CountingMemory()) {
            shapes.forEach((name, shape) -> maker.of(name, shape, memory));
            return memory.bytes();
        }
    }

    private static RuleMaker maker(TrainSpec spec) {
        Arguments arguments = new Arguments("optim_args", spec.optimArgs());
        boolean muon = MUON.equals(spec.optimizer());
        RuleMaker plain =
                muon ? Muon.maker(spec, arguments) : RULES.get(spec.optim()).apply(spec, arguments);
        arguments.requireAllKnown(muon ? "optimizer muon" : "optim " + spec.optim());
        return spec.galore().useGalore() ? GaLore.maker(spec, plain) : plain;
    }

    private static void requireTargets(TrainSpec spec, boolean any) {
        if (spec.galore().useGalore() && !any) {
            throw new UserError(
                    "Cannot use GaLore",
                    "galore_target_modules " + spec.galore().galoreTargetModules() + " matches no trained matrix",
                    "Give parts of module names such as q_proj, or leave it out for all linears.");
        }
    }
}
