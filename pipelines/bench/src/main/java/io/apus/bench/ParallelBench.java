package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Table;
import io.apus.bench.parallel.Plan;
import io.apus.bench.parallel.PlanParity;
import io.apus.bench.ranks.MadeRun;
import io.apus.bench.train.ModelSize;
import io.apus.model.ModelConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Every way for ranks to share a model, as processes of this machine: how far it comes apart from one rank, and what it sends. */
public final class ParallelBench extends Benchmark {
    private static final int EXPERTS = 4;
    private static final String PLANS = String.join(
            ",",
            "dp=2",
            "dp=2 lora",
            "dp=2 zero1",
            "dp=2 zero2",
            "dp=2 zero3",
            "dp=2 zero3 lora",
            "tp=2",
            "tp=2 lora",
            "dp=2 tp=2",
            "dp=2 tp=2 zero1",
            "dp=2 tp=2 zero3",
            "pp=2",
            "dp=2 pp=2",
            "dp=2 pp=2 zero2",
            "dp=2 pp=2 zero3",
            "pp=2 tp=2",
            "cp=2",
            "cp=2 lora",
            "cp=4",
            "dp=2 cp=2",
            "pp=2 cp=2",
            "tp=2 cp=2",
            "dp=2 ep=2",
            "dp=4 ep=4",
            "dp=4 ep=2 zero1",
            "dp=4 ep=2 zero3",
            "dp=2 ep=2 tp=2");

    ParallelBench() {
        super("parallel", Map.of("size", "tiny", "tokens", "64", "steps", "20", "plans", PLANS));
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new ParallelBench().run(arguments));
    }

    @Override
    void measure(Options options, Report report) throws IOException {
        ModelSize size = ModelSize.named(options.text("size"));
        List<Plan> plans = options.names("plans").stream().map(Plan::of).toList();
        for (boolean experts : new boolean[] {false, true}) {
            List<Plan> own =
                    plans.stream().filter(plan -> plan.experts() == experts).toList();
            if (!own.isEmpty()) {
                ModelConfig config = experts ? size.mixture(EXPERTS) : size.config();
                report.add(table(options, config, own));
            }
        }
        report.note(
                "each rank is a process; differences are the largest of any step's loss, of any weight after the last");
        report.note(
                "sent: bytes of tensors that the busiest rank sends in a step; trained: the float32 gradients of all that is trained");
    }

    private static Table table(Options options, ModelConfig config, List<Plan> plans) throws IOException {
        Table table = new Table(
                config.architecture() + " " + options.text("size") + ", " + options.text("steps")
                        + " steps of 4 rows of " + options.text("tokens") + " tokens, beside one rank",
                "plan",
                "ranks",
                "last loss",
                "loss difference",
                "weight difference",
                "sent MB/step",
                "trained MB");
        try (MadeRun run = new MadeRun(config, options.count("tokens"))) {
            PlanParity parity = new PlanParity(run, options.count("steps"));
            for (Plan plan : plans) {
                parity.addTo(table, plan);
            }
        }
        return table;
    }
}
