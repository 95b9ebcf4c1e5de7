package io.apus.eval.report;

import io.apus.eval.score.MetricMean;
import io.apus.schemas.manifest.Manifest;
import io.apus.schemas.manifest.ShardManifest;
import java.util.List;
import java.util.Optional;

/** What the run is, and its few most important numbers. */
final class Header {
    private static final String HELD_OUT = "held_out";

    private Header() {}

    static void write(RunFacts run, Html html) {
        html.open("header").element("p", "Apus run report", "class", "eyebrow").element("h1", run.name());
        html.open("p", "class", "facts");
        run.data().map(ReportData::model).ifPresent(model -> {
            fact(html, "Model", model.name());
            fact(html, "Architecture", model.architecture());
            fact(html, "Parameters", Numbers.whole(model.parameters()));
            fact(html, "Tuner", model.tuner());
        });
        run.stages().stream()
                .findFirst()
                .map(Manifest::startedAt)
                .ifPresent(time -> fact(html, "Started", Numbers.time(time)));
        fact(html, "Time in stages", Numbers.duration(run.seconds()));
        html.close();
        tiles(run, html);
        html.close();
    }

    private static void fact(Html html, String name, String value) {
        html.open("span").element("b", name).text(" " + value).close();
    }

    private static void tiles(RunFacts run, Html html) {
        html.open("div", "class", "tiles");
        heldOut(run, MetricMean.PERPLEXITY)
                .ifPresent(mean -> tile(
                        html, Numbers.decimal(mean.value()), "held-out perplexity", "lower is better, 1 is perfect"));
        heldOut(run, "token_acc")
                .ifPresent(mean -> tile(
                        html, Numbers.percent(mean.value()), "held-out token accuracy", "next token guessed right"));
        run.log()
                .last("loss")
                .ifPresent(loss -> tile(html, Numbers.decimal(loss), "last training loss", "nats per trained token"));
        double tokens = run.shards().stream()
                .filter(shards -> shards.split().equals("train"))
                .mapToLong(ShardManifest::tokens)
                .sum();
        if (tokens > 0) {
            tile(html, Numbers.compact(tokens), "training tokens", "in one pass over the data");
        }
        run.log()
                .mean(TrainingSection.SPEED)
                .ifPresent(speed ->
                        tile(html, Numbers.compact(speed), "tokens per second", "mean while training, all ranks"));
        html.close();
    }

    private static Optional<MetricMean> heldOut(RunFacts run, String metric) {
        List<MetricMean> means = run.data().map(ReportData::means).orElse(List.of());
        return means.stream()
                .filter(mean -> mean.task().equals(HELD_OUT) && mean.metric().equals(metric))
                .findFirst();
    }

    private static void tile(Html html, String value, String name, String hint) {
        html.open("div", "class", "tile")
                .element("strong", value)
                .element("span", name)
                .element("small", hint)
                .close();
    }
}
