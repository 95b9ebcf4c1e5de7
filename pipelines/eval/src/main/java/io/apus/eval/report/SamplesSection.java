package io.apus.eval.report;

import io.apus.schemas.data.Score;
import java.util.List;

/** What the model answers, beside what it should have answered. */
final class SamplesSection implements ReportSection {
    @Override
    public String title() {
        return "Sample generations";
    }

    @Override
    public String explanation() {
        return "The model's own answers, as it wrote them. Right means equal to the reference up to white space; a good answer in other words"
                + " counts as wrong here, so read some.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !samples(run).isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        html.open("div", "class", "samples");
        samples(run).forEach(sample -> write(sample, html));
        html.close();
    }

    private static void write(Score sample, Html html) {
        boolean right = sample.value() > 0;
        html.open("article", "class", "sample");
        html.open("p", "class", "sample-head")
                .element("span", right ? "✓ right" : "✗ differs", "class", right ? "mark good" : "mark bad")
                .element("span", sample.task() + " · " + sample.item(), "class", "muted")
                .close();
        html.open("dl");
        entry(html, "Prompt", sample.prompt());
        entry(html, "Answer", sample.prediction());
        if (!right) {
            entry(html, "Reference", sample.reference());
        }
        html.close().close().line();
    }

    private static void entry(Html html, String name, String text) {
        html.element("dt", name).element("dd", text.isEmpty() ? "(nothing)" : text);
    }

    private static List<Score> samples(RunFacts run) {
        return run.data().map(ReportData::samples).orElse(List.of());
    }
}
