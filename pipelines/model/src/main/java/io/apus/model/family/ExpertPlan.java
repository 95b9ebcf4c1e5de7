package io.apus.model.family;

import io.apus.model.layer.GatedMlp;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.expert.Experts;
import io.apus.model.layer.expert.MixtureOfExperts;
import io.apus.model.layer.expert.Router;
import io.apus.model.layer.expert.Routing;
import io.apus.model.layer.expert.SeparateExperts;
import io.apus.model.layer.expert.SharedExpert;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Describes one layer's mixture of experts step by step; what is not said is as in Qwen's. */
final class ExpertPlan {
    static final List<String> USUAL_NAMES = List.of("gate_proj", "up_proj", "down_proj");

    private final Blueprint plan;
    private final String module;
    private final int count;
    private List<String> names = USUAL_NAMES;
    private String router = "gate";
    private boolean linearRouter = true;
    private boolean routerBias;
    private boolean bias;
    private Routing routing;
    private Experts experts;
    private Optional<SharedExpert> shared = Optional.empty();
    private final List<Parameter> fixed = new ArrayList<>();

    /**
     * Experts below {@code module}.
     *
     * @param count of experts
     */
    ExpertPlan(Blueprint plan, String module, int count) {
        this.plan = plan;
        this.module = module;
        this.count = count;
    }

    /** Names of an expert's gate, up and down, other than the usual ones. */
    ExpertPlan names(List<String> gateUpDown) {
        names = gateUpDown;
        return this;
    }

    /** Whether the networks' maps have biases; say it before naming them. */
    ExpertPlan biased(boolean all) {
        bias = all;
        return this;
    }

    /** @param linear see {@link Router} */
    ExpertPlan router(String member, boolean linear, boolean bias) {
        router = member;
        linearRouter = linear;
        routerBias = bias;
        return this;
    }

    ExpertPlan routing(Routing rule) {
        if (rule.chosen() > count) {
            plan.fields().problem("a token is sent to " + rule.chosen() + " of " + count + " experts");
        }
        routing = rule;
        return this;
    }

    /** A correction of the scores that nothing trains: [experts]. */
    Parameter correction(String member, long... shape) {
        Parameter parameter = plan.fixed(module + "." + member, shape);
        fixed.add(parameter);
        return parameter;
    }

    /** Each expert a module of its own, with {@code width} between its linear maps. */
    ExpertPlan separate(long width) {
        experts = new SeparateExperts(IntStream.range(0, count)
                .mapToObj(expert -> plan.gatedMlp(module + ".experts." + expert, names, width, bias))
                .toList());
        return this;
    }

    ExpertPlan experts(Experts all) {
        experts = all;
        return this;
    }

    /** A network for every token; none where {@code width} is 0. */
    ExpertPlan shared(String member, long width) {
        if (width > 0) {
            GatedMlp network = plan.gatedMlp(module + "." + member, width, bias);
            shared = Optional.of(new SharedExpert(network, Optional.empty()));
        }
        return this;
    }

    /** A network for every token, multiplied by a gate of the token's own. */
    ExpertPlan gatedShared(String member, String gate, long width) {
        shared = Optional.of(new SharedExpert(
                plan.gatedMlp(module + "." + member, width, bias),
                Optional.of(plan.linear(module + "." + gate, 1, plan.sizes().hiddenSize(), false))));
        return this;
    }

    MixtureOfExperts build() {
        Router rates = new Router(
                plan.linear(module + "." + router, count, plan.sizes().hiddenSize(), routerBias),
                linearRouter,
                routing,
                List.copyOf(fixed));
        return new MixtureOfExperts(rates, experts, shared);
    }
}
