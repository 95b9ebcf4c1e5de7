package io.apus.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.train.log.LogLines;
import io.apus.train.loop.Evaluation;
import io.apus.train.loop.LoopState;
import io.apus.train.loop.Progress;
import io.apus.train.loop.Saving;
import io.apus.train.loop.StepReport;
import io.apus.train.loop.TrainListener;
import io.apus.train.loop.Window;
import io.apus.train.measure.Reading;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends what happens to whoever started the run. */
final class ReportListener implements TrainListener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TrainReports reports;

    ReportListener(TrainReports reports) {
        this.reports = reports;
    }

    void started(int resumedFrom, int maxSteps, int rows, int ranks, ModelFacts model) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", resumedFrom);
        facts.put("max_steps", maxSteps);
        facts.put("rows", rows);
        facts.put("world_size", ranks);
        facts.put("parameters", model.count());
        facts.put("trained_parameters", model.trained());
        if (!model.placement().isEmpty()) {
            facts.put("device_map", model.placement());
        }
        send(resumedFrom == 0 ? "started" : "resumed", facts);
    }

    @Override
    public void stepped(StepReport report) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("step", report.step());
        facts.put("max_steps", report.maxSteps());
        facts.put("loss", report.loss());
        facts.put("grad_norm", report.gradNorm());
        facts.put("learning_rate", report.learningRate());
        facts.put("tokens_per_second", report.tokensPerSecond());
        facts.put("data_wait", report.dataWait());
        facts.put("skipped", report.skipped());
        send("step", facts);
    }

    @Override
    public void logged(Progress progress, StepReport last, Window window, Reading reading) {
        send("log", LogLines.training(progress, last, window, reading));
    }

    @Override
    public void evaluated(Progress progress, Evaluation evaluation) {
        send("evaluation", LogLines.evaluation(progress, evaluation));
    }

    @Override
    public void saved(Saving.Saved checkpoint) {
        send("checkpoint", Map.of("step", checkpoint.step(), "path", checkpoint.location()));
    }

    @Override
    public void ended(Progress progress, LoopState state) {
        send("ended", LogLines.summary(progress, state));
    }

    private void send(String type, Map<String, Object> facts) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", type);
        message.putAll(facts);
        try {
            reports.report(JSON.writeValueAsString(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message is plain data", e);
        }
    }
}
