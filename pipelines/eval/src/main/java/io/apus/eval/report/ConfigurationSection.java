package io.apus.eval.report;

import java.util.SortedMap;
import java.util.TreeMap;

/** Every setting that decided the run's output. */
final class ConfigurationSection implements ReportSection {
    @Override
    public String title() {
        return "Configuration";
    }

    @Override
    public String explanation() {
        return "Every setting that decided what the run wrote, defaults included.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !settings(run).isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        html.open("details").element("summary", settings(run).size() + " settings");
        Table table = Table.open(html, "option", "~value");
        settings(run).forEach(table::row);
        table.close();
        html.close();
    }

    private static SortedMap<String, String> settings(RunFacts run) {
        SortedMap<String, String> settings = new TreeMap<>();
        run.stages().forEach(stage -> settings.putAll(stage.configuration()));
        return settings;
    }
}
