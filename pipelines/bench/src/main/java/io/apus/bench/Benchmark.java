package io.apus.bench;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the benchmarks' mains share: options in, a report to standard output and, with {@code --json FILE}, to a file. */
abstract class Benchmark {
    private final String name;
    private final Map<String, String> defaults = new TreeMap<>();

    Benchmark(String name, Map<String, String> defaults) {
        this.name = name;
        this.defaults.putAll(defaults);
        this.defaults.put("json", "");
    }

    abstract void measure(Options options, Report report) throws IOException;

    /** Runs and returns the exit status: 2 for a mistake of the user's. */
    final int run(String[] arguments) throws IOException {
        try {
            Options options = Options.parse(arguments, defaults);
            Report report = new Report((name + " " + String.join(" ", arguments)).strip());
            measure(options, report);
            System.out.println(report.text());
            Optional<Path> json = options.path("json");
            if (json.isPresent()) {
                report.writeJson(json.get());
            }
            return 0;
        } catch (UserError e) {
            System.err.println(e.getMessage());
            return 2;
        }
    }
}
