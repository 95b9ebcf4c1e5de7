package io.apus.jobs.eval.catalog;

import io.apus.eval.task.EvalKinds;
import io.apus.jobs.launch.catalog.CatalogFields;
import io.apus.jobs.launch.catalog.CatalogFile;
import io.apus.schemas.Registry;
import io.apus.schemas.catalog.EvalEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one catalog file of {@code conf/evals}; all that is wrong with it is reported at once. */
final class EvalSetFile {
    private static final List<String> KEYS =
            List.of("name", "kind", "path", "prompt", "choices", "answer", "system", "answer_pattern", "id");

    private final CatalogFile file;
    private final CatalogFields fields;

    private EvalSetFile(CatalogFile file) {
        this.file = file;
        this.fields = file.fields(KEYS);
    }

    static EvalEntry read(Path file) {
        return new EvalSetFile(CatalogFile.open(file)).parse();
    }

    private EvalEntry parse() {
        String kind = fields.required("kind");
        if (kind != null && !EvalKinds.REGISTRY.names().contains(kind)) {
            file.problem("kind \"" + kind + "\" is not known, did you mean \""
                    + Registry.nearest(kind, EvalKinds.REGISTRY.names()) + "\"?");
        }
        String path = fields.required("path");
        Path data = file.beside(path == null ? "" : path);
        if (path != null && !Files.isRegularFile(data)) {
            file.problem("path " + data + " is not a file");
        }
        String prompt = EvalKinds.PERPLEXITY.equals(kind) ? fields.text("prompt") : fields.required("prompt");
        List<String> choices = fields.texts("choices");
        if (EvalKinds.MULTIPLE_CHOICE.equals(kind) && choices.isEmpty()) {
            file.problem("choices is missing: name the column with the list of choices, or the columns");
        }
        String name = fields.required("name");
        String answer = fields.required("answer");
        String pattern = pattern();
        String system = fields.text("system");
        String id = fields.text("id");
        file.check();
        return new EvalEntry(name, kind, data.toString(), prompt, choices, answer, system, pattern, id);
    }

    private String pattern() {
        String source = fields.text("answer_pattern");
        try {
            return source == null ? null : Pattern.compile(source).pattern();
        } catch (PatternSyntaxException e) {
            file.problem("answer_pattern is not a regular expression: " + e.getDescription());
            return null;
        }
    }
}
