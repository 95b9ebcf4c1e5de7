package io.apus.eval.report;

import io.apus.schemas.manifest.Manifest;
import java.util.Map;

/** How long each stage took and what else its manifest says. */
final class StagesSection implements ReportSection {
    @Override
    public String title() {
        return "Stages";
    }

    @Override
    public String explanation() {
        return "Each stage commits once. Running the same command again skips the stages listed here.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !run.stages().isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        Table table = Table.open(html, "stage", "#duration", "started", "~commit", "version");
        for (Manifest stage : run.stages()) {
            table.row(
                    stage.stage(),
                    Numbers.duration(stage.seconds()),
                    Numbers.time(stage.startedAt()),
                    stage.commit(),
                    stage.codeVersion());
        }
        table.close();
        for (Manifest stage : run.stages()) {
            if (!stage.facts().isEmpty()) {
                writeFacts(stage, html);
            }
        }
    }

    private static void writeFacts(Manifest stage, Html html) {
        html.open("details").element("summary", "Facts of " + stage.stage());
        Table table = Table.open(html, "fact", "~value");
        for (Map.Entry<String, String> fact : Facts.flat(stage.facts()).entrySet()) {
            table.row(fact.getKey(), fact.getValue());
        }
        table.close();
        html.close();
    }
}
