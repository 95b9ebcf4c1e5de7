package io.apus.jobs.launch.catalog;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.schemas.catalog.ModelEntry;
import java.nio.file.Path;
import java.util.List;

/**
 * The chat template that the catalog gives a model which brings none.
 *
 * @param template its name, or null where the catalog cannot tell
 * @param why what decided, or why nothing could
 */
public record TemplateChoice(String template, String why) {
    /**
     * Chooses by the family where the user named one, else by the model's id or name, else by its architecture if all models of it in
     * the catalog share one template.
     *
     * @param asked how the user named the model: an id or a path
     * @param folder where it lies
     * @param modelType ms-swift's name of its family, or null
     * @throws UserError for a family that is unknown or has another architecture
     */
    public static TemplateChoice of(ModelCatalog catalog, String asked, Path folder, String modelType) {
        FolderFacts facts = FolderFacts.of(asked, folder);
        if (modelType != null) {
            return byType(catalog, facts, modelType);
        }
        for (String name : facts.names()) {
            List<String> templates = templates(catalog.named(name));
            if (templates.size() == 1) {
                return new TemplateChoice(templates.get(0), "the catalog knows the model by the name " + name);
            }
        }
        if (facts.architecture().isEmpty()) {
            return new TemplateChoice(null, "the catalog does not know the model");
        }
        return only(
                templates(catalog.ofArchitecture(facts.architecture())),
                "models of the architecture " + facts.architecture());
    }

    private static TemplateChoice byType(ModelCatalog catalog, FolderFacts facts, String modelType) {
        List<ModelEntry> family = family(catalog, modelType);
        List<String> architectures = family.stream()
                .flatMap(entry -> entry.architectures().stream())
                .distinct()
                .toList();
        if (!facts.architecture().isEmpty() && !architectures.contains(facts.architecture())) {
            throw new UserError(
                    "Cannot use model_type " + modelType,
                    "its models are " + String.join(", ", architectures) + ", config.json says " + facts.architecture(),
                    "Leave model_type out.");
        }
        for (String name : facts.names()) {
            List<String> templates = templates(catalog.named(name).stream()
                    .filter(entry -> entry.modelType().equals(modelType))
                    .toList());
            if (templates.size() == 1) {
                return new TemplateChoice(
                        templates.get(0), "the catalog knows " + name + " among the models of " + modelType);
            }
        }
        return only(templates(family), "models of the model_type " + modelType);
    }

    private static List<ModelEntry> family(ModelCatalog catalog, String modelType) {
        List<ModelEntry> family = catalog.ofType(modelType);
        if (family.isEmpty()) {
            List<String> known = catalog.modelTypes();
            throw new UserError(
                    "Unknown model_type",
                    "\"" + modelType + "\" is not in the catalog",
                    known.isEmpty()
                            ? "The catalog is empty."
                            : "Did you mean \"" + Registry.nearest(modelType, known)
                                    + "\"? \"apus models\" lists all.");
        }
        return family;
    }

    private static TemplateChoice only(List<String> templates, String which) {
        if (templates.size() == 1) {
            return new TemplateChoice(templates.get(0), "all " + which + " have it");
        }
        return new TemplateChoice(
                null,
                templates.isEmpty()
                        ? "the catalog has no " + which
                        : which + " have several (" + String.join(", ", templates) + "): name one with template");
    }

    private static List<String> templates(List<ModelEntry> entries) {
        return entries.stream().map(ModelEntry::template).distinct().toList();
    }
}
