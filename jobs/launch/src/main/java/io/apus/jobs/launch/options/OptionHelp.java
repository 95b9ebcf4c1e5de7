package io.apus.jobs.launch.options;

import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.IngestSpec;
import io.apus.schemas.spec.ModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options with their defaults, as {@code --help} lists them. */
public final class OptionHelp {
    private static final String REQUIRED = "REQUIRED";

    private OptionHelp() {}

    /** A heading for each section, and under it a line for each option. */
    public static List<String> lines() {
        Map<String, String> defaults = defaults();
        List<String> lines = new ArrayList<>();
        for (Section section : OptionCatalog.INSTANCE.sections().values()) {
            lines.add(section.name().isEmpty() ? "run:" : section.name() + ": " + section.doc());
            for (Option option : section.options()) {
                lines.add("  --" + option.name() + " " + option.kind().placeholder());
                lines.add("        " + option.doc() + ending(defaults.get(option.key())));
            }
        }
        return lines;
    }

    /** The default of each option as text, by key; {@code model.create} is shown as if it were used. */
    static Map<String, String> defaults() {
        ModelSpec model = new ModelSpec(REQUIRED, null, null, null, null);
        IngestSpec ingest = IngestSpec.of(List.of(REQUIRED));
        RunSpec spec = new RunSpec(null, null, null, model, ingest, null, null, null, null, null, null, null);
        Map<String, String> texts = SpecText.of(spec);
        texts.remove("model.create");
        Section create = OptionCatalog.INSTANCE.sections().get("model.create");
        Record shape = new CreateModelSpec(null, null, null, null, null, null, null, null, null, null, null);
        create.options().forEach(option -> texts.put(option.key(), SpecText.of(create.read(shape, option.name()))));
        return texts;
    }

    private static String ending(String byDefault) {
        if (byDefault.contains(REQUIRED)) {
            return "; required";
        }
        boolean none = byDefault.equals(SpecText.NOT_GIVEN) || byDefault.equals("[]") || byDefault.equals("{}");
        return none ? "" : " [" + byDefault + "]";
    }
}
