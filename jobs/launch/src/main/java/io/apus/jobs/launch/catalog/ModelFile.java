package io.apus.jobs.launch.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.ModelEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads one catalog file of {@code conf/models}: families, each with its models; all that is wrong is reported at once. */
final class ModelFile {
    private static final List<String> KEYS = List.of("families");
    private static final List<String> FAMILY_KEYS = List.of("model_type", "architectures", "template", "models");
    private static final List<String> MODEL_KEYS = List.of("id", "ms", "hf", "context", "kind");

    private static final String UNLIMITED = "unlimited";

    private final CatalogFile file;
    private final List<ModelEntry> entries = new ArrayList<>();

    private ModelFile(CatalogFile file) {
        this.file = file;
    }

    static List<ModelEntry> read(Path path) {
        ModelFile models = new ModelFile(CatalogFile.open(path));
        models.file.fields(KEYS).list("families").forEach(models::family);
        models.file.check();
        return models.entries;
    }

    private void family(JsonNode node) {
        String place = "model_type " + node.path("model_type").asText("(not named)") + ": ";
        CatalogFields family = file.fields(place, node, FAMILY_KEYS);
        for (JsonNode model : family.list("models")) {
            CatalogFields fields = file.fields(place, model, MODEL_KEYS);
            try {
                entries.add(entry(family, fields));
            } catch (UserError e) {
                file.problem(e.getMessage());
            }
        }
    }

    /** {@code id} is the id on both hubs; {@code ms} and {@code hf} stand instead of it where they differ or one is missing. */
    private static ModelEntry entry(CatalogFields family, CatalogFields model) {
        String both = model.text("id");
        return new ModelEntry(
                both == null ? model.text("ms") : both,
                both == null ? model.text("hf") : both,
                family.text("model_type"),
                family.texts("architectures"),
                family.text("template"),
                context(model),
                model.text("kind"));
    }

    private static Long context(CatalogFields model) {
        return model.says("context", UNLIMITED) ? Long.valueOf(ModelEntry.UNLIMITED) : model.count("context");
    }
}
