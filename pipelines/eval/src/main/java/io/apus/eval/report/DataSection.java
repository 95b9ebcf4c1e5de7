package io.apus.eval.report;

import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.ShardManifest;
import java.util.List;
import java.util.stream.Collectors;

/** Where every row went, and how well the packed rows are used. */
final class DataSection implements ReportSection {
    private static final List<String> STAGES = List.of("ingest", "filter", "tokenize", "pack", "evaluate");

    @Override
    public String title() {
        return "Data";
    }

    @Override
    public String explanation() {
        return "Every row is accounted for: what goes into a stage is either kept or refused for a reason.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return STAGES.stream().anyMatch(name -> run.stage(name).isPresent());
    }

    @Override
    public void write(RunFacts run, Html html) {
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (String heading : List.of("stage", "in", "kept", "refused")) {
            html.element("th", heading, "class", heading.equals("stage") ? "" : "num");
        }
        html.element("th", "kept share", "class", "wide")
                .element("th", "refused because")
                .close()
                .close();
        html.open("tbody");
        STAGES.forEach(name -> run.stage(name).ifPresent(stage -> writeStage(stage, html)));
        html.close().close().close();
        if (!run.shards().isEmpty()) {
            writeShards(run.shards(), html);
        }
    }

    private static void writeStage(Manifest stage, Html html) {
        Accounting rows = stage.accounting();
        double share = rows.in() == 0 ? 1 : (double) rows.kept() / rows.in();
        html.open("tr").element("td", stage.stage());
        html.element("td", Numbers.whole(rows.in()), "class", "num");
        html.element("td", Numbers.whole(rows.kept()), "class", "num");
        html.element("td", Numbers.whole(rows.in() - rows.kept()), "class", "num");
        html.open("td", "class", "wide").open("span", "class", "meter", "title", Numbers.percent(share));
        html.element("i", "", "style", "width:" + Math.round(share * 1000) / 10.0 + "%")
                .close();
        html.element("span", " " + Numbers.percent(share), "class", "muted").close();
        String reasons = rows.refused().entrySet().stream()
                .filter(reason -> reason.getValue() > 0)
                .map(reason -> reason.getKey() + " " + Numbers.whole(reason.getValue()))
                .collect(Collectors.joining(", "));
        html.element("td", reasons.isEmpty() ? "–" : reasons).close().line();
    }

    private static void writeShards(List<ShardManifest> shards, Html html) {
        html.element("h3", "Packed rows");
        Table table = Table.open(
                html,
                "split",
                "#rows",
                "#samples",
                "#tokens",
                "#trained tokens",
                "#row length",
                "#fill",
                "#shard files");
        for (ShardManifest split : shards) {
            table.row(
                    split.split(),
                    Numbers.whole(split.rows()),
                    Numbers.whole(split.samples()),
                    Numbers.whole(split.tokens()),
                    Numbers.whole(Math.round(split.lossWeightSum())),
                    Numbers.whole(split.maxLength()),
                    Numbers.percent(split.fill()),
                    Numbers.whole(split.shards().size()));
        }
        table.close();
        html.element(
                "p",
                "Trained tokens are those that carry loss (the assistant's turns, weights summed); fill is the share of the rows' length that holds tokens.",
                "class",
                "muted");
    }
}
