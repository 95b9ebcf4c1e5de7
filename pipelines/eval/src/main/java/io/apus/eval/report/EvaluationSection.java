package io.apus.eval.report;

import io.apus.eval.score.MetricMean;
import java.util.List;
import java.util.Map;

/** Each metric's mean. */
final class EvaluationSection implements ReportSection {
    private static final Map<String, String> MEANINGS = Map.of(
            "loss", "negative log-likelihood per token, in nats; lower is better",
            "perplexity", "exp(loss): among how many equally likely tokens the model chooses; lower is better",
            "token_acc", "tokens that were the model's first guess",
            "acc", "items whose right choice had the highest log-likelihood",
            "acc_norm", "the same, log-likelihood per character of the choice",
            "exact_match", "answers equal to the reference, up to white space");

    @Override
    public String title() {
        return "Evaluation";
    }

    @Override
    public String explanation() {
        return "What the trained model scores on rows it has not seen (held_out) and on the evaluation sets of the run.";
    }

    @Override
    public boolean isPresent(RunFacts run) {
        return !means(run).isEmpty();
    }

    @Override
    public void write(RunFacts run, Html html) {
        Table table = Table.open(html, "set", "kind", "metric", "#value", "#items", "#weight", "~what it says");
        for (MetricMean mean : means(run)) {
            boolean share = mean.metric().contains("acc") || mean.metric().equals("exact_match");
            table.row(
                    mean.task(),
                    mean.kind().replace('_', ' '),
                    mean.metric(),
                    share ? Numbers.percent(mean.value()) : Numbers.decimal(mean.value()),
                    Numbers.whole(mean.items()),
                    Numbers.compact(mean.weight()),
                    MEANINGS.getOrDefault(mean.metric(), ""));
        }
        table.close();
    }

    private static List<MetricMean> means(RunFacts run) {
        return run.data().map(ReportData::means).orElse(List.of());
    }
}
