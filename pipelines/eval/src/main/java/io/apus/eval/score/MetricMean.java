package io.apus.eval.score;

import io.apus.schemas.data.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One metric of one evaluation set over its items.
 *
 * @param task evaluation set
 * @param kind perplexity, multiple_choice or generation
 * @param metric loss, token_acc, acc, acc_norm, exact_match; {@code perplexity} is exp(loss)
 * @param value mean of the items' values weighted by their weights
 * @param items number of items
 * @param weight sum of the weights
 */
public record MetricMean(String task, String kind, String metric, double value, long items, double weight) {
    public static final String LOSS = "loss";
    public static final String PERPLEXITY = "perplexity";

    /** Scores by task, metric and item: the order in which they are published and summed, so that sums come out the same to the bit. */
    public static final Comparator<Score> ORDER =
            Comparator.comparing(Score::task).thenComparing(Score::metric).thenComparing(Score::item);

    /** The means of all tasks and metrics, by task and metric; a loss is followed by its perplexity. */
    public static List<MetricMean> of(List<Score> scores) {
        List<Score> ordered = scores.stream().sorted(ORDER).toList();
        List<MetricMean> means = new ArrayList<>();
        int begin = 0;
        while (begin < ordered.size()) {
            int end = begin;
            while (end < ordered.size() && sameMetric(ordered.get(begin), ordered.get(end))) {
                end++;
            }
            MetricMean mean = mean(ordered.subList(begin, end));
            means.add(mean);
            if (mean.metric().equals(LOSS)) {
                means.add(mean.exponential());
            }
            begin = end;
        }
        return means;
    }

    private static boolean sameMetric(Score a, Score b) {
        return a.task().equals(b.task()) && a.metric().equals(b.metric());
    }

    private static MetricMean mean(List<Score> scores) {
        double sum = 0;
        double weight = 0;
        for (Score score : scores) {
            sum += score.value() * score.weight();
            weight += score.weight();
        }
        Score first = scores.get(0);
        return new MetricMean(
                first.task(), first.kind(), first.metric(), weight == 0 ? 0 : sum / weight, scores.size(), weight);
    }

    private MetricMean exponential() {
        return new MetricMean(task, kind, PERPLEXITY, Math.exp(value), items, weight);
    }
}
