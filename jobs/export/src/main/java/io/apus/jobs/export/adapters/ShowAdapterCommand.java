package io.apus.jobs.export.adapters;

import io.apus.model.tuner.method.PeftConfig;
import io.apus.model.tuner.method.PeftFiles;
import io.apus.model.tuner.method.Targets;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.TensorInfo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code apus adapters show FOLDER}: what an adapter is, without its model. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Says what an adapter is: method, base, size.")
final class ShowAdapterCommand implements Callable<Integer> {
    /** Settings of the methods, of which an adapter has those of its own. */
    private static final List<String> SETTINGS = List.of(
            "r",
            "lora_alpha",
            "alpha",
            "rank_pattern",
            "alpha_pattern",
            "use_rslora",
            "use_dora",
            "init_lora_weights",
            "bias");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FOLDER", description = "folder with adapter_config.json")
    private Path folder;

    @Override
    public Integer call() {
        PeftConfig config = PeftFiles.config(folder);
        PrintWriter out = spec.commandLine().getOut();
        try (SafeTensorsFile file = PeftFiles.weights(folder)) {
            List<TensorInfo> tensors = file.names().stream().map(file::info).toList();
            out.println(folder);
            line(out, "method", config.peftType());
            line(out, "base", config.get("base_model_name_or_path").asText("not named"));
            SETTINGS.stream()
                    .filter(name -> !config.get(name).isMissingNode()
                            && !config.get(name).isNull()
                            && !(config.get(name).isContainerNode()
                                    && config.get(name).isEmpty()))
                    .forEach(name -> line(
                            out, name, config.get(name).asText(config.get(name).toString())));
            Targets targets = config.targets();
            Stream<String> modules = targets.regex() == null ? targets.modules().stream() : Stream.of(targets.regex());
            line(
                    out,
                    "targets",
                    Stream.concat(modules, targets.parameters().stream()).collect(Collectors.joining(", ")));
            if (!config.modulesToSave().isEmpty()) {
                line(out, "saved in full", String.join(", ", config.modulesToSave()));
            }
            long bytes = tensors.stream()
                    .mapToLong(info -> info.end() - info.begin())
                    .sum();
            line(out, "tensors", number(tensors.size()) + " of " + types(tensors));
            line(
                    out,
                    "parameters",
                    number(tensors.stream().mapToLong(ShowAdapterCommand::count).sum()));
            line(out, "bytes", number(bytes));
        }
        out.flush();
        return 0;
    }

    private static long count(TensorInfo info) {
        return LongStream.of(info.sizes()).reduce(1, Math::multiplyExact);
    }

    private static String types(List<TensorInfo> tensors) {
        Set<String> types = new TreeSet<>();
        tensors.forEach(info -> types.add(info.dtype().name()));
        return String.join(", ", types);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static void line(PrintWriter out, String name, String text) {
        out.println("  " + name + " ".repeat(Math.max(1, 19 - name.length())) + text);
    }
}
