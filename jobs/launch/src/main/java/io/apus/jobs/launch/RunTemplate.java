package io.apus.jobs.launch;

import io.apus.corpus.template.ChatTemplate;
import io.apus.jobs.launch.catalog.ModelCatalog;
import io.apus.jobs.launch.catalog.TemplateChoice;
import io.apus.schemas.spec.RunSpec;
import io.apus.schemas.spec.TokenizeSpec;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The chat template of a run: the named one, or the model's own, or else the one that the catalog gives its model.
 *
 * @param spec the run, with the catalog's template named in it where that was needed
 * @param words which template it is and why
 */
record RunTemplate(RunSpec spec, String words) {
    /**
     * Chooses.
     *
     * @param asked how the user named the model: an id or a path; null for a model made from scratch
     * @param here the run with the model on this machine
     * @param conf folder of catalogs
     * @throws io.apus.schemas.UserError for a model_type that is unknown or has another architecture
     */
    static RunTemplate of(String asked, RunSpec here, Path conf) {
        TokenizeSpec tokenize = here.tokenize();
        if (asked == null || !isFolder(here.model().model())) {
            return new RunTemplate(here, named(tokenize, "the model's own"));
        }
        Path folder = Path.of(here.model().model());
        TemplateChoice choice = TemplateChoice.of(
                new ModelCatalog(conf), asked, folder, here.model().modelType());
        if (!tokenize.useChatTemplate()
                || tokenize.template() != null
                || tokenize.templateBackend().equals("jinja")
                || ChatTemplate.find(folder).isPresent()) {
            return new RunTemplate(here, named(tokenize, "the model's own"));
        }
        if (choice.template() == null) {
            return new RunTemplate(here, "none: the model brings none, and " + choice.why());
        }
        return new RunTemplate(
                here.withTokenize(tokenize.withTemplate(choice.template())),
                choice.template() + ": the model brings none, and " + choice.why());
    }

    private static boolean isFolder(String path) {
        try {
            return path != null && Files.isDirectory(Path.of(path));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String named(TokenizeSpec tokenize, String otherwise) {
        if (!tokenize.useChatTemplate()) {
            return "not used (use_chat_template false)";
        }
        return tokenize.template() == null ? otherwise : tokenize.template() + ", as the run says";
    }
}
