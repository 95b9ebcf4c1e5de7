package io.apus.jobs.eval.models;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.corpus.template.ChatTemplate;
import io.apus.corpus.tokenize.ModelLimits;
import io.apus.corpus.tokenize.Tokenizer;
import io.apus.corpus.tokenize.Tokenizers;
import io.apus.jobs.launch.DownloadProgress;
import io.apus.jobs.launch.catalog.ModelCatalog;
import io.apus.jobs.launch.catalog.TemplateChoice;
import io.apus.model.ModelConfig;
import io.apus.model.StoredWeights;
import io.apus.model.family.Families;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.ModelEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Goes through a model's folder as loading would, and says everything that it finds; no weight is read. */
final class FolderCheck {
    private final Path folder;
    private final ModelCatalog catalog;
    private final CheckReport report;

    private FolderCheck(Path folder, ModelCatalog catalog) {
        this.folder = folder;
        this.catalog = catalog;
        this.report = new CheckReport(folder.toString(), "It loads.");
    }

    static CheckReport of(Path folder, ModelCatalog catalog) {
        FolderCheck check = new FolderCheck(folder, catalog);
        Optional<ModelConfig> config = check.config();
        config.ifPresent(check::sizes);
        check.weights(config.orElse(null));
        check.tokenizer();
        check.template();
        return check.report;
    }

    /** What the catalog alone can tell. */
    static CheckReport of(ModelEntry entry) {
        CheckReport report = new CheckReport(
                entry.id() + " (not looked at: this is what the catalog says)", "Its architecture is covered.");
        String architecture =
                entry.architectures().isEmpty() ? "" : entry.architectures().get(0);
        report.fact("architecture", architecture.isEmpty() ? "none" : architecture);
        report.fact("template", entry.template());
        report.fact("context", ModelTable.contextInWords(entry));
        if (!Coverage.of(entry)) {
            report.problem(architectureProblem(architecture));
        }
        report.fact("next", "apus download " + entry.id() + ", then apus models check on the folder that it prints");
        return report;
    }

    private static String architectureProblem(String architecture) {
        Set<String> known = Families.names();
        return "Cannot load the architecture " + (architecture.isEmpty() ? "(none named)" : architecture)
                + ": it is not among the families here. The nearest is " + Registry.nearest(architecture, known)
                + "; \"apus models --summary\" lists all.";
    }

    private Optional<ModelConfig> config() {
        if (!Files.exists(folder.resolve("config.json")) && Files.exists(folder.resolve("adapter_config.json"))) {
            report.problem("Cannot load " + folder + ": it is an adapter, not a model. Check the folder of its base "
                    + "model, and name this one with --adapters.");
            return Optional.empty();
        }
        try {
            return Optional.of(ModelConfig.read(folder));
        } catch (UserError e) {
            report.problem(e.getMessage());
            return Optional.empty();
        }
    }

    private void sizes(ModelConfig config) {
        report.fact("architecture", config.architecture());
        report.fact(
                "size",
                String.format(
                        Locale.ROOT,
                        "%,d parameters: %d layers of %,d, %d heads (%d for keys), vocabulary %,d",
                        config.parameterCount(),
                        config.numHiddenLayers(),
                        config.hiddenSize(),
                        config.numAttentionHeads(),
                        config.numKeyValueHeads(),
                        config.vocabSize()));
        report.fact("context", String.format(Locale.ROOT, "%,d tokens", config.maxPositionEmbeddings()));
        report.fact("quantisation", quantisation(config.json().path("quantization_config")));
        long floats = 4 * config.parameterCount();
        report.fact(
                "memory",
                DownloadProgress.size(floats) + " in float32, as which it computes; "
                        + DownloadProgress.size(floats / 2)
                        + " stored as bfloat16; training all of it with AdamW holds "
                        + DownloadProgress.size(4 * floats)
                        + " and the activations");
    }

    private static String quantisation(JsonNode settings) {
        if (!settings.isObject()) {
            return "none";
        }
        String bits =
                settings.path("bits").isInt() ? ", " + settings.path("bits").asInt() + " bits" : "";
        return settings.path("quant_method").asText("of a kind that is not named") + bits;
    }

    private void weights(ModelConfig config) {
        StoredWeights weights = StoredWeights.of(folder, config);
        if (weights.files() > 0) {
            report.fact(
                    "weights",
                    String.format(
                            Locale.ROOT,
                            "%,d tensors in %d file(s), %s, %s",
                            weights.tensors(),
                            weights.files(),
                            DownloadProgress.size(weights.bytes()),
                            String.join(" and ", weights.types())));
        }
        weights.problems().forEach(report::problem);
    }

    private void tokenizer() {
        try {
            Tokenizer tokenizer = Tokenizers.load(folder);
            report.fact(
                    "tokenizer", String.format(Locale.ROOT, "%,d ids; %s", tokenizer.vocabSize(), tokenizer.engine()));
            embeddings(tokenizer);
        } catch (UserError e) {
            report.problem(e.getMessage());
        }
    }

    /** Ids without an embedding keep nothing from loading; data that has them is refused later. */
    private void embeddings(Tokenizer tokenizer) {
        try {
            ModelLimits.requireEmbeddings(folder, tokenizer.vocabSize() - 1);
        } catch (UserError e) {
            report.fact("note", e.getMessage());
        }
    }

    private void template() {
        try {
            if (ChatTemplate.find(folder).isPresent()) {
                report.fact("chat template", "the model's own");
                return;
            }
            TemplateChoice choice = TemplateChoice.of(catalog, folder.toString(), folder, null);
            report.fact(
                    "chat template",
                    choice.template() == null
                            ? "none: the model brings none, and " + choice.why()
                            : choice.template() + ": the model brings none, and " + choice.why());
        } catch (UserError e) {
            report.problem(e.getMessage());
        }
    }
}
