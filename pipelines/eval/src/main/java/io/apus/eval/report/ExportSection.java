package io.apus.eval.report;

import io.apus.schemas.manifest.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The exported files and how close each is to the trained model. */
final class ExportSection implements ReportSection {
    private static final String STAGE = "export";
    /** Measured where the base was quantised in training. */
    private static final String FROM_TRAINED = "from_trained";
    /** What the export stage measures of each format, by the name of the fact. */
    private static final Map<String, String> PARITY = parity();

    private static Map<String, String> parity() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("mean_kl", "#mean KL");
        columns.put("tolerance", "#KL bound");
        columns.put("max_logit_difference", "#largest logit difference");
        columns.put("same_top_token", "#same top token");
        return columns;
    }

    @Override
    public String title() {
        return "Exports";
    }

    @Override
    public String explanation() {
        return "Each export was read again and its next-token probabilities were compared with the trained model's before it counted.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return run.stage(STAGE).isPresent();
    }

    @Override
    public void write(RunFacts run, Html html) {
        Manifest export = run.stage(STAGE).orElseThrow();
        Map<String, String> facts = Facts.flat(export.facts());
        List<String> headings = new ArrayList<>(List.of("format", "~path", "#size"));
        PARITY.values().forEach(headings::add);
        Table table = Table.open(html, headings.toArray(String[]::new));
        for (Manifest.Output output : export.outputs()) {
            long bytes =
                    output.files().stream().mapToLong(Manifest.FileEntry::bytes).sum();
            List<String> cells = new ArrayList<>(List.of(output.name(), output.path(), Numbers.bytes(bytes)));
            PARITY.keySet().forEach(fact -> cells.add(facts.getOrDefault("parity." + output.name() + "." + fact, "–")));
            table.row(cells.toArray(String[]::new));
        }
        table.close();
        html.element(
                "p",
                "KL is the mean divergence of the next-token distributions in nats, 0 for equal ones; the bound is what the format's rounding"
                        + " explains. Same top token is the share of positions where both models guess the same token.",
                "class",
                "muted");
        if (facts.containsKey(FROM_TRAINED + ".mean_kl")) {
            html.element(
                    "p",
                    "The adapter was trained on a quantised base and is merged into the base as it is stored. That model, which is what each"
                            + " export was compared with, is " + facts.get(FROM_TRAINED + ".mean_kl")
                            + " nats (mean KL) from the one that was trained; the same top token at "
                            + facts.get(FROM_TRAINED + ".same_top_token") + " of the positions.");
        }
    }
}
