package io.apus.eval.report;

import java.util.List;

/** What the model reads in training, token by token, coloured by the weight of each in the loss. */
final class TokensSection implements ReportSection {
    @Override
    public String title() {
        return "Training samples as tokens";
    }

    @Override
    public String explanation() {
        return "What the model reads, from the tokenize stage. Grey tokens are given to it, coloured ones are what it learns to write; hover over"
                + " one for its weight in the loss.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !previews(run).isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        html.open("p", "class", "weights")
                .element("span", "given", "class", "token given")
                .element("span", "weight below 1", "class", "token less")
                .element("span", "weight 1", "class", "token trained")
                .element("span", "weight above 1", "class", "token more")
                .close();
        previews(run).forEach(preview -> write(preview, html));
    }

    private static void write(ReportData.Preview preview, Html html) {
        long trained =
                preview.tokens().stream().filter(token -> token.weight() > 0).count();
        boolean isWhole = preview.tokens().size() >= preview.length();
        html.open("article", "class", "sample tokens");
        html.element(
                "p",
                preview.item() + " · " + preview.length() + " tokens"
                        + (isWhole ? ", " + trained + " trained on" : ", the first ones shown"),
                "class",
                "muted");
        html.open("div", "class", "text");
        preview.tokens()
                .forEach(token -> html.element(
                        "span",
                        shown(token.text()),
                        "class",
                        "token " + kind(token.weight()),
                        "title",
                        "weight " + number(token.weight())));
        html.close().close().line();
    }

    private static String number(float weight) {
        return weight == Math.rint(weight) ? Long.toString((long) weight) : Float.toString(weight);
    }

    private static String shown(String text) {
        return text.replace("\n", "⏎\n");
    }

    private static String kind(float weight) {
        if (weight <= 0) {
            return "given";
        }
        return weight < 1 ? "less" : weight > 1 ? "more" : "trained";
    }

    private static List<ReportData.Preview> previews(RunFacts run) {
        return run.data().map(ReportData::previews).orElse(List.of());
    }
}
