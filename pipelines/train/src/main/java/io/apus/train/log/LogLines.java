package io.apus.train.log;

import io.apus.train.loop.Evaluation;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Progress;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.Window;
import io.apus.train.measure.ProcessMemory;
import io.apus.train.measure.RankFacts;
import io.apus.train.measure.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is logged, under ms-swift's names, in its order. */
public final class LogLines {
    static final String STEP = "global_step/max_steps";
    static final String SUMMARY = "train_loss";
    private static final double GIB = 1L << 30;

    private LogLines() {}

    public static Map<String, Object> training(Progress progress, StepReport last, Window window, Reading reading) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("loss", window.meanLoss());
        line.put("grad_norm", last.gradNorm());
        line.put("learning_rate", last.learningRate());
        line.put("token_acc", window.tokenAccuracy());
        if (window.routerLoss() > 0) {
            line.put("aux_loss", window.meanRouterLoss());
        }
        place(line, progress);
        line.put("tokens_per_second", window.tokensPerSecond());
        if (Double.isFinite(reading.machineShare())) {
            line.put("matrix_product_share", reading.machineShare());
        }
        line.put("ranks", ranks(reading.ranks()));
        line.put("data_wait", window.dataWaitShare());
        return line;
    }

    public static Map<String, Object> evaluation(Progress progress, Evaluation evaluation) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("eval_loss", evaluation.loss());
        line.put("eval_token_acc", evaluation.tokenAccuracy());
        line.put("eval_runtime", evaluation.seconds());
        line.put("eval_tokens_per_second", evaluation.tokens() / Math.max(evaluation.seconds(), 1e-9));
        place(line, progress);
        return line;
    }

    public static Map<String, Object> summary(Progress progress, LoopState state) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("train_runtime", state.seconds());
        line.put(SUMMARY, state.meanLoss());
        line.put("num_input_tokens_seen", state.tokens());
        line.put("skipped_steps", state.skipped());
        if (state.best() != null) {
            line.put("best_model_checkpoint", "step-" + state.best().step());
            line.put("best_metric", state.best().metric());
        }
        place(line, progress);
        return line;
    }

    /** A table with a row for each rank. */
    private static List<Map<String, Object>> ranks(List<RankFacts> ranks) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RankFacts rank : ranks) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("rank", rows.size());
            row.put("memory_bytes", rank.residentBytes());
            row.put("peak_memory_bytes", rank.peakBytes());
            row.put("tokens_per_second", rank.tokensPerSecond());
            row.put("step_seconds", rank.secondsPerStep());
            row.put("busy_seconds", rank.busySecondsPerStep());
            rows.add(row);
        }
        return rows;
    }

    private static void place(Map<String, Object> line, Progress progress) {
        line.put("epoch", progress.epoch());
        line.put(STEP, progress.step() + "/" + progress.maxSteps());
        line.put("elapsed_time", Durations.text(progress.seconds()));
        line.put("remaining_time", Durations.text(progress.secondsLeft()));
        line.put("memory(GiB)", ProcessMemory.resident() / GIB);
        line.put("train_speed(s/it)", progress.secondsPerStep());
    }
}
