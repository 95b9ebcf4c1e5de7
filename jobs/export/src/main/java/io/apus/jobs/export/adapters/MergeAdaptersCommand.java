package io.apus.jobs.export.adapters;

import io.apus.jobs.launch.command.NamedAdapters;
import io.apus.model.tuner.lora.Combination;
import io.apus.model.tuner.lora.CombinationType;
import io.apus.schemas.spec.ExportSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code apus adapters merge}: one adapter of several, or a model with them folded in; options as PEFT's add_weighted_adapter. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Makes one PEFT adapter of several by weights, or folds adapters into their model.")
final class MergeAdaptersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--adapters",
            arity = "1..*",
            required = true,
            paramLabel = "[NAME=]FOLDER",
            description = "PEFT adapter folders of one base model")
    private List<String> adapters = new ArrayList<>();

    @Option(
            names = {"--output_dir", "--output"},
            required = true,
            paramLabel = "FOLDER",
            description = "where the result goes; must not exist, or be empty")
    private Path output;

    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            description = "Hugging Face folder of the base model; the adapters' when left out")
    private Path model;

    @Option(
            names = "--weights",
            arity = "1..*",
            paramLabel = "NUMBER",
            description = "one for each adapter; 1 when left out")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--combination_type",
            defaultValue = "svd",
            paramLabel = "NAME",
            description = "svd, linear, cat, ties, ties_svd, dare_ties, dare_linear, dare_ties_svd, dare_linear_svd,"
                    + " magnitude_prune or magnitude_prune_svd (${DEFAULT-VALUE})")
    private String combinationType;

    @Option(names = "--density", description = "share of the numbers that ties, dare and magnitude_prune keep")
    private Double density;

    @Option(names = "--majority_sign_method", paramLabel = "NAME", description = "total or frequency, for ties (total)")
    private String majoritySignMethod;

    @Option(names = "--svd_rank", description = "rank of what svd makes; the adapters' largest when left out")
    private Integer svdRank;

    @Option(names = "--svd_clamp", description = "quantile beyond which svd's factors are cut")
    private Double svdClamp;

    @Option(names = "--seed", defaultValue = "42", description = "decides what dare drops (${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--merge_lora",
            arity = "1",
            defaultValue = "false",
            description = "fold the result into the model and write a Hugging Face folder (${DEFAULT-VALUE})")
    private boolean mergeLora;

    @Option(
            names = "--max_shard_size",
            defaultValue = "5GB",
            description = "largest safetensors file of that folder (${DEFAULT-VALUE})")
    private String maxShardSize;

    @Override
    public Integer call() throws IOException {
        Map<String, Path> named = NamedAdapters.of(adapters);
        Combination how = new Combination(
                CombinationType.named(combinationType), density, majoritySignMethod, svdRank, svdClamp, seed);
        long shardBytes = new ExportSpec(null, null, maxShardSize).maxShardBytes();
        AdapterMerge merge = AdapterMerge.of(model, named, weights, how);
        PrintWriter out = spec.commandLine().getOut();
        out.println(mergeLora ? merge.intoModel(output, shardBytes) : merge.intoAdapter(output));
        out.flush();
        return 0;
    }
}
