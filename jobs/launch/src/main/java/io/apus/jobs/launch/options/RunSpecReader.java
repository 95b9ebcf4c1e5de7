package io.apus.jobs.launch.options;

import io.apus.corpus.filter.FilterChain;
import io.apus.schemas.spec.FilterSpec;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the one validated {@link RunSpec} of a run from a YAML file, command-line flags, or both. Flags and overrides win over the
 * file. Every problem is found before any is reported.
 */
public final class RunSpecReader {
    private final Settings settings = new Settings();
    private final Set<String> failed = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    private RunSpecReader() {}

    /**
     * Reads a run file and the flags or overrides behind it.
     *
     * @throws InvalidSpec with every problem, each with the nearest known name where a name is unknown
     * @throws io.apus.schemas.UserError when the file cannot be read as YAML
     */
    public static RunSpec read(Path file, List<String> words) {
        return read(Optional.of(file), List.of(), words);
    }

    /** As {@link #read(Path, List)}, with or without a file; {@code defaults} are words that both the file and the words win over. */
    public static RunSpec read(Optional<Path> file, List<String> defaults, List<String> words) {
        RunSpecReader reader = new RunSpecReader();
        reader.settings.override(FlagSettings.read(defaults));
        file.ifPresent(path -> reader.settings.override(YamlSettings.read(path)));
        reader.settings.override(FlagSettings.read(words));
        return reader.build();
    }

    private RunSpec build() {
        FsdpJson.spread(settings);
        DeviceMapText.spread(settings);
        problems.addAll(settings.problems());
        RunSpec spec = (RunSpec) make(OptionCatalog.INSTANCE.root());
        if (!problems.isEmpty()) {
            throw new InvalidSpec(List.copyOf(new LinkedHashSet<>(problems)));
        }
        return spec;
    }

    /** Makes a section's record from what was given, or null when nothing was given or it has problems (which are noted). */
    private Record make(Section section) {
        int before = problems.size();
        Record record = null;
        List<Record> children = section.children().stream().map(this::make).toList();
        boolean given = section.name().isEmpty()
                || section.options().stream().anyMatch(settings::has)
                || children.stream().anyMatch(child -> child != null);
        try {
            if (given) {
                record = section.create(name -> value(section, name, children));
            }
            if (record instanceof FilterSpec filter) {
                problems.addAll(FilterChain.problems(filter));
            }
        } catch (InvalidSpec e) {
            e.problems().stream().filter(line -> !blamesFailed(line)).forEach(problems::add);
        }
        if (problems.size() > before) {
            failed.add(section.name());
            return null;
        }
        return record;
    }

    private Object value(Section section, String name, List<Record> children) {
        for (int i = 0; i < children.size(); i++) {
            if (section.children().get(i).key().equals(name)) {
                return children.get(i);
            }
        }
        Option option = section.options().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow();
        try {
            return option.kind().read(settings.get(option));
        } catch (IllegalArgumentException e) {
            problems.add(option.key() + ": " + e.getMessage());
            return null;
        }
    }

    /** True for a complaint that something is missing which was given, but could not be read. */
    private boolean blamesFailed(String line) {
        String named = line.substring(line.indexOf('.') + 1, line.indexOf(':'));
        Option option = OptionCatalog.INSTANCE.named(named).orElse(null);
        if (option == null) {
            return false;
        }
        boolean elsewhere = !line.startsWith(option.key() + ":") && failed.contains(option.section());
        boolean inside = failed.stream().anyMatch(section -> section.startsWith(option.section() + "."));
        boolean unreadable = problems.stream().anyMatch(problem -> problem.startsWith(option.key() + ":"));
        return elsewhere || inside || unreadable;
    }
}
